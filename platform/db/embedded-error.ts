export type EmbeddedDatabaseReason = 'in_use' | 'other_major' | 'place' | 'user' | 'programs' | 'start'

/** Why the embedded database can't run. The message is written for the person who started the program. */
export class EmbeddedDatabaseError extends Error {
  override readonly name = 'EmbeddedDatabaseError'
  readonly reason: EmbeddedDatabaseReason

  constructor(reason: EmbeddedDatabaseReason, message: string, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
  }
}
