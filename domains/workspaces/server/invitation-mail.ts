import type { SystemMail } from '#platform/mail'
import type { Invitation } from '../contract/people.ts'

export function invitationMail(
  { email, role, invitedBy }: Invitation,
  workspaceName: string,
  link: string,
): SystemMail {
  // The name goes into a header and was typed by somebody.
  const workspace = workspaceName.replace(/\s+/g, ' ')
  return {
    to: email,
    subject: `Join ${workspace} on Rapport`,
    text: [
      `${invitedBy ?? 'An administrator'} invites you to answer customers with ${workspace}, as ${role}.`,
      '',
      'Open this link within seven days. It works once:',
      link,
      '',
      'If you did not expect this, leave it unopened: nothing happens then.',
    ].join('\n'),
  }
}
