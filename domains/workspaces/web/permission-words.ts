import { useLingui } from '@lingui/react/macro'
import { permissionNames, type Permission } from '../contract.ts'

/** Permissions in the order of the day's work, in the words of those who do it. */
export function usePermissionWords(): { area: string; permissions: { name: Permission; words: string }[] }[] {
  const { t } = useLingui()
  const words: Readonly<Record<Permission, string>> = {
    'inbox.read': t`Read conversations`,
    'inbox.see_all': t`Read those of other teams too`,
    'inbox.reply': t`Answer`,
    'inbox.note': t`Write notes`,
    'inbox.assign': t`Assign`,
    'inbox.resolve': t`Resolve and reopen`,
    'inbox.label': t`Put labels on`,
    'inbox.manage_labels': t`Make and change labels`,
    'inbox.override_gate': t`Let an answer past a gate, with a reason`,
    'inbox.decide_unknown': t`Decide what became of a doubtful send`,
    'triage.correct': t`Put labels of messages right`,
    'triage.reveal': t`Uncover personal data, on record`,
    'triage.manage': t`Change topics, priority and what is learned`,
    'customers.read': t`Read customers`,
    'customers.edit': t`Change customers`,
    'customers.block': t`Block`,
    'connections.read': t`See connections and their health`,
    'connections.manage': t`Connect, change and remove`,
    'workspace.manage': t`Change settings`,
    'workspace.delete': t`Delete the workspace`,
    'people.read': t`See members and roles`,
    'people.manage': t`Invite, shut out, change roles`,
    'teams.manage': t`Make and change teams`,
    'hours.manage': t`Change service hours`,
    'tokens.manage': t`Make and revoke API tokens`,
    'audit.read': t`Read the audit log`,
    'sample.manage': t`Load and remove sample data`,
  }
  const areas: [string, RegExp][] = [
    [t`Inbox`, /^(?:inbox|triage)\./],
    [t`Customers`, /^customers\./],
    [t`Connections`, /^connections\./],
    [t`Workspace`, /^(?!inbox|triage|customers|connections)/],
  ]
  return areas.map(([area, fits]) => ({
    area,
    permissions: permissionNames.filter((name) => fits.test(name)).map((name) => ({ name, words: words[name] })),
  }))
}
