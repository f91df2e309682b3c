// What every channel has to prove, for mail. Sending with commands in one go is proven beside the rest of it in send.test.ts.
import { afterAll } from 'vitest'
import { runConformance } from '../conformance.ts'
import { createEmail } from './index.ts'
import { startSocketPlatform } from './testing/socket-platform.ts'

const login = { user: 'support@acme.example', password: 'open sesame' }
const settings = { address: login.user, smtpHost: 'smtp.acme.example', smtpSecurity: 'none' }
const email = createEmail()
afterAll(() => email.close())

runConformance(email, {
  folder: new URL('.', import.meta.url),
  settings,
  widen: (body) => Buffer.concat([Buffer.from('X-Unheard-Of: =?x?q?=00?=;\r\n\tfolded="\r\n'), body]),
  sendingBySocket: {
    start: () => startSocketPlatform(login),
    connect: (port) => ({ settings: { ...settings, smtpPort: port }, credentials: { smtpPassword: login.password } }),
    outbound: { recipient: { externalId: 'ada@home.example', handle: 'ada@home.example', scope: '' } },
  },
})
