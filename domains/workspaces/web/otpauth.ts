/** The secret of an otpauth address, in groups of four to be typed into an authenticator. */
export function secretGroups(uri: string): string {
  const secret = new URL(uri).searchParams.get('secret') ?? ''
  return secret.match(/.{1,4}/g)?.join(' ') ?? ''
}

/** The codes as a file to keep. */
export function codesFile(codes: readonly string[], email: string, heading: string): string {
  return `${heading}\n${email}\n\n${codes.join('\n')}\n`
}
