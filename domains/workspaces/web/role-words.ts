import { useLingui } from '@lingui/react/macro'
import type { Role } from '../contract.ts'

export interface RoleWords {
  readonly name: string
  /** What it lets its holder do, in a sentence. */
  readonly may: string
}

export function useRoleWords(): Readonly<Record<Role, RoleWords>> {
  const { t } = useLingui()
  return {
    owner: { name: t`Owner`, may: t`May everything, also hand on or close the workspace.` },
    admin: { name: t`Admin`, may: t`Connects channels, manages people, hours, settings and tokens.` },
    lead: { name: t`Lead`, may: t`Sees all conversations, decides doubtful sends, manages labels, blocks.` },
    agent: { name: t`Agent`, may: t`Answers, notes, assigns, labels and resolves.` },
    viewer: { name: t`Viewer`, may: t`Reads, and changes nothing.` },
  }
}
