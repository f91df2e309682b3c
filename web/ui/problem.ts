// What the server answers when it refuses something: 400 names fields that the schema refuses, 422 those that a rule
// refuses. The screens hand the reply to a Form as it came.

export type FieldProblem = { /** `/body/name`, `body.name` or `name` */ path: string; message: string }
export type ProblemReply = { code: string; message: string; fields?: readonly FieldProblem[] | undefined }

/** Sorts a reply by the names of a form's fields; what belongs to none of them stands in `rest`. */
export function sortProblem(
  problem: ProblemReply | null | undefined,
  names: string[],
): { fields: Record<string, string>; rest: string[] } {
  const fields: Record<string, string> = {}
  const rest: string[] = []
  for (const { path, message } of problem?.fields ?? []) {
    const name = nameIn(path, names)
    if (name && !(name in fields)) fields[name] = message
    else rest.push(message)
  }
  const whole = problem?.message
  // A reply that names fields repeats itself in its message; without fields that is all there is.
  if (whole && rest.length === 0 && Object.keys(fields).length === 0) rest.push(whole)
  return { fields, rest }
}

function nameIn(path: string, names: string[]): string | undefined {
  const parts = path.split(/[/.]/).filter(Boolean)
  const dotted = (from: number) => parts.slice(from).join('.')
  return parts.map((_, from) => dotted(from)).find((name) => names.includes(name))
}
