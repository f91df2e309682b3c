// What stands beside the backup of a release (bin/testdata): written by e2e/upgrade-backup.ts, looked for by upgrade.test.ts.

/** What is expected to be there again after the upgrade. */
export interface Kept {
  readonly members: readonly { readonly email: string; readonly password: string; readonly name: string }[]
  readonly connections: readonly { readonly channel: string; readonly name: string }[]
  readonly conversations: readonly {
    readonly id: string
    readonly state: string
    readonly subject: string | null
    readonly customerName: string | null
    /** Kind, words and the names of files, oldest first; without what a restore writes itself. */
    readonly messages: readonly string[]
  }[]
  readonly attachment: { readonly id: string; readonly size: number; readonly mediaType: string }
  /** An answer that was under way: after a restore it is in doubt and not sent. */
  readonly underWay: string
}
