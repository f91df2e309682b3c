/** An error as XRPC tells it. */
export class XrpcError extends Error {
  override readonly name = 'XrpcError'
  readonly status: number
  readonly error: string
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, error: string, message = error, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this.error = error
    this.headers = headers
  }
}
