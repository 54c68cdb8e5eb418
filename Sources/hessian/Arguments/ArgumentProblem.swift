/// What is wrong with the value of an option, as the end of the sentence "The value … is invalid for …".
struct ArgumentProblem: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
