import type { SystemMail } from '#platform/mail'

export function resetMail(email: string, link: string): SystemMail {
  return {
    to: email,
    subject: 'Set a new password for Rapport',
    text: [
      'Somebody asked for a new password for this e-mail address.',
      '',
      'Open this link within an hour. It works once:',
      link,
      '',
      'Every device is signed out then. A second factor stays as it is.',
      'If it was not you, leave the link unopened: your password stays.',
    ].join('\n'),
  }
}
