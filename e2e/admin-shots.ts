// Takes pictures of set-up, sign-in, people, profile, connections and settings at three sizes in both themes, and has axe look
// at each of them.
//   node e2e/admin-shots.ts [folder] [screen,screen] [size,size]     (default: all, into web/dist/admin)
// Starts a program of its own and ends it. Exits with 1 when axe finds anything or a page logs an error.
import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { connectionRoutes } from '#connections/contract'
import { passwordResetRoutes, peopleRoutes, serviceHoursRoutes, teamRoutes, tokenRoutes } from '#workspaces/contract'
import { violationsOf } from './axe.ts'
import {
  claimRapport,
  connectApi,
  eventually,
  joinRapport,
  messageEvent,
  openAs,
  openChromium,
  startRapport,
  visitRapport,
  type Rapport,
  type SignedIn,
} from './harness.ts'

const folder = process.argv[2] ?? fileURLToPath(new URL('../web/dist/admin', import.meta.url))
const only = process.argv[3] ? process.argv[3].split(',') : null
const onlySizes = process.argv[4]?.split(',')
const sizes = [
  { name: '1440', width: 1440, height: 900, touch: false },
  { name: '1280', width: 1280, height: 800, touch: false },
  { name: '390', width: 390, height: 844, touch: true },
].filter(({ name }) => !onlySizes || onlySizes.includes(name))

interface Screen {
  readonly name: string
  readonly at: string
  /** Signed in as nobody, or as the one who may least. */
  readonly as?: 'nobody' | 'viewer'
  readonly open?: (page: Page) => Promise<unknown>
}

const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first().click()

async function fill(
  rapport: Rapport,
  owner: SignedIn,
): Promise<{ chat: string; api: string; viewer: SignedIn; key: string }> {
  const people = [
    { name: 'Jonas Weidemann', role: 'admin' },
    { name: 'Amara Okonkwo', role: 'lead' },
    { name: 'Priya Raghunathan-Vasconcelos', role: 'agent' },
    { name: 'Tom Baker', role: 'agent' },
  ] as const
  for (const { name, role } of people) await joinRapport(rapport, owner, { name, role: role as never })
  const viewer = await joinRapport(rapport, owner, { name: 'Vera Olsen', role: 'viewer' as never })
  const { items: members } = await owner.api(peopleRoutes).listMembers({})
  const idOf = (name: string) => members.find((one) => one.name === name)?.id ?? ''
  await owner.api(peopleRoutes).suspendMember({ params: { id: idOf('Tom Baker') } })
  await owner.api(peopleRoutes).inviteMember({ body: { email: 'freya@northwind.example', role: 'agent' } })
  const teams = owner.api(teamRoutes)
  await teams.createTeam({
    body: { name: 'Baggage', memberIds: [idOf('Amara Okonkwo'), idOf('Priya Raghunathan-Vasconcelos')] },
  })
  await teams.createTeam({ body: { name: 'Bookings and refunds', memberIds: [idOf('Jonas Weidemann')] } })
  await teams.createTeam({ body: { name: 'Press' } })
  await owner.api(serviceHoursRoutes).createServiceHours({
    body: {
      name: 'Around the clock',
      timeZone: 'America/New_York',
      weekly: Array.from({ length: 7 }, () => [{ from: 0, to: 1440 }]),
      holidays: [{ date: '2026-12-25', name: 'Christmas', intervals: [] }],
    },
  })
  const tokens = owner.api(tokenRoutes)
  await tokens.createToken({ body: { name: 'Nightly export', scopes: ['read'] } })
  await tokens.createToken({
    body: {
      name: 'Booking desk',
      scopes: ['inbox.read', 'inbox.reply'],
      expiresAt: new Date(Date.now() + 90 * 86_400_000).toISOString(),
    },
  })
  const connections = owner.api(connectionRoutes)
  const chat = await connections.createConnection({ body: { channel: 'webchat', name: 'Northwind Air' } })
  await (await visitRapport(rapport, chat.connection.publicKey)).say('Hello, where is my bag?')
  const form = await connectApi(rapport, owner, { name: 'Help form of the booking desk' })
  await form.deliver(
    messageEvent({ thread: randomUUID(), from: 'Mira Köhler', text: 'My bag did not come with me from Lisbon.' }),
  )
  await form.deliver({ type: 'parcel', weight: 12, note: 'What is this?' })
  const paused = await connections.createConnection({ body: { channel: 'api', name: 'Old kiosk' } })
  await connections.pauseConnection({ params: { id: paused.connection.id } })
  await eventually(
    'the odd delivery is quarantined',
    async () => (await connections.listQuarantine({ query: {} })).items.length > 0,
  )
  return { chat: chat.connection.id, api: form.connectionId, viewer, key: chat.connection.publicKey }
}

async function take(
  browser: Browser,
  rapport: Rapport,
  screens: readonly Screen[],
  who: Record<string, SignedIn>,
): Promise<number> {
  let faults = 0
  for (const size of sizes)
    for (const theme of ['light', 'dark'] as const)
      for (const screen of screens.filter(({ name }) => !only || only.includes(name))) {
        const options: BrowserContextOptions = {
          viewport: size,
          colorScheme: theme,
          reducedMotion: 'reduce',
          hasTouch: size.touch,
          isMobile: size.touch,
          locale: 'en-GB',
        }
        const { context, page } =
          screen.as === 'nobody'
            ? await browser.newContext(options).then(async (context) => ({ context, page: await context.newPage() }))
            : await openAs(browser, rapport, who[screen.as ?? 'owner']!, options)
        page.setDefaultTimeout(10_000)
        const complaints: string[] = []
        page.on('pageerror', (error) => complaints.push(`error: ${error.message}`))
        page.on('console', (message) => message.type() === 'error' && complaints.push(`console: ${message.text()}`))
        try {
          await page.goto(rapport.url + screen.at)
          await page.getByRole('heading', { level: 1 }).first().waitFor()
          await page.evaluate(() => document.fonts.ready)
          await page.waitForTimeout(350)
          await screen.open?.(page)
          await page.waitForTimeout(250)
          complaints.push(...(await violationsOf(page, [], { region: true })))
          // The whole of what scrolls, not only what the window shows.
          const height = await page.evaluate(() =>
            Math.max(...['#content', 'body'].map((one) => document.querySelector(one)?.scrollHeight ?? 0)),
          )
          if (!page.getByRole('dialog') || height > size.height)
            await page.setViewportSize({ width: size.width, height: Math.min(2600, height + 60) })
          await page.screenshot({ path: `${folder}/${screen.name}-${size.name}-${theme}.png` })
        } catch (error) {
          complaints.push(String(error))
          await page.screenshot({ path: `${folder}/${screen.name}-${size.name}-${theme}.png` })
        }
        // Nobody is signed in there, and asking is how it is found out.
        const real = complaints.filter((line) => !(screen.as === 'nobody' && /status of (401|404)/.test(line)))
        faults += real.length
        for (const line of real) process.stderr.write(`${screen.name} ${size.name} ${theme}  ${line}\n`)
        await context.close()
      }
  return faults
}

mkdirSync(folder, { recursive: true })
await using rapport = await startRapport()
const browser = await openChromium()
let faults = 0
try {
  const link = new URL(rapport.setupLink ?? '')
  const before: Screen[] = [
    { name: 'setup', at: `/setup${link.hash}`, as: 'nobody' },
    { name: 'setup-wrong', at: '/setup#cut-short', as: 'nobody' },
    { name: 'sign-in-unclaimed', at: '/sign-in', as: 'nobody' },
  ]
  faults += await take(browser, rapport, before, {})
  const owner = await claimRapport(rapport)
  const fresh: Screen[] = [
    { name: 'welcome-start', at: '/welcome' },
    { name: 'connections-empty', at: '/connections' },
    { name: 'teams-empty', at: '/people/teams' },
    { name: 'tokens-empty', at: '/settings/tokens' },
    { name: 'quarantine-empty', at: '/connections/quarantine' },
  ]
  faults += await take(browser, rapport, fresh, { owner })
  const { chat, api, viewer, key } = await fill(rapport, owner)
  const { link: invitation } = await owner
    .api(peopleRoutes)
    .inviteMember({ body: { email: 'lee@northwind.example', role: 'lead' } })
  const { items: members } = await owner.api(peopleRoutes).listMembers({})
  const priya = members.find(({ name }) => name.startsWith('Priya'))
  const { link: resetLink } = await owner.api(passwordResetRoutes).makeResetLink({ params: { id: priya?.id ?? '' } })
  const screens: Screen[] = [
    { name: 'setup-claimed', at: '/setup#00000000000000000000000', as: 'nobody' },
    { name: 'sign-in', at: '/sign-in', as: 'nobody' },
    {
      name: 'sign-in-wrong',
      at: '/sign-in',
      as: 'nobody',
      open: async (page) => {
        await page.getByLabel('E-mail').fill('nobody@northwind.example')
        await page.getByLabel('Password', { exact: true }).fill('not the password')
        await press(page, 'Sign in')
        await page.getByText('do not belong together').waitFor()
      },
    },
    { name: 'forgot', at: '/forgot-password', as: 'nobody' },
    { name: 'reset', at: new URL(resetLink ?? '').pathname + new URL(resetLink ?? '').hash, as: 'nobody' },
    { name: 'reset-gone', at: '/reset-password#no-such-link-anywhere-at-all', as: 'nobody' },
    { name: 'join', at: new URL(invitation ?? '').pathname + new URL(invitation ?? '').hash, as: 'nobody' },
    { name: 'join-gone', at: '/join#no-such-invitation-anywhere', as: 'nobody' },
    { name: 'welcome-chat', at: '/welcome' },
    { name: 'welcome-people', at: '/welcome?step=people' },
    { name: 'welcome-hours', at: '/welcome?step=hours' },
    { name: 'preview', at: `/preview/${key}`, as: 'nobody' },
    { name: 'people', at: '/people' },
    { name: 'people-viewer', at: '/people', as: 'viewer' },
    { name: 'people-menu', at: '/people', open: (page) => press(page, 'Actions for Amara Okonkwo') },
    { name: 'people-invite', at: '/people', open: (page) => press(page, 'Invite somebody') },
    {
      name: 'people-reset-link',
      at: '/people',
      open: async (page) => {
        await press(page, 'Actions for Amara Okonkwo')
        await page.getByRole('menuitem', { name: 'New password' }).click()
        await press(page, 'Make a reset link')
        await page.getByText('Shown this once').waitFor()
      },
    },
    { name: 'teams', at: '/people/teams' },
    { name: 'team-change', at: '/people/teams', open: (page) => press(page, 'Change Baggage') },
    { name: 'roles', at: '/people/roles' },
    { name: 'profile', at: '/profile' },
    {
      name: 'profile-second-factor',
      at: '/profile',
      open: async (page) => {
        await press(page, 'Switch it on')
        await page.getByRole('dialog').getByLabel('Password', { exact: true }).fill(owner.password)
        await press(page, 'Go on')
        await page.getByText('six digits it shows').waitFor()
      },
    },
    { name: 'connections', at: '/connections' },
    { name: 'connect', at: '/connections/new' },
    { name: 'connect-chat', at: '/connections/new?channel=webchat' },
    { name: 'connect-api', at: '/connections/new?channel=api' },
    { name: 'connection-chat', at: `/connections/${chat}` },
    { name: 'connection-api', at: `/connections/${api}` },
    { name: 'connection-viewer', at: `/connections/${chat}`, as: 'viewer' },
    { name: 'connection-remove', at: `/connections/${api}`, open: (page) => press(page, /^Remove$/) },
    { name: 'quarantine', at: '/connections/quarantine' },
    { name: 'quarantine-rest', at: '/connections/quarantine', open: (page) => press(page, 'Let rest') },
    { name: 'settings', at: '/settings' },
    { name: 'settings-viewer', at: '/settings', as: 'viewer' },
    { name: 'hours', at: '/settings/hours' },
    { name: 'hours-change', at: '/settings/hours', open: (page) => press(page, 'Change Around the clock') },
    { name: 'tokens', at: '/settings/tokens' },
    { name: 'token-new', at: '/settings/tokens', open: (page) => press(page, 'Make a token') },
    { name: 'sample-absent', at: '/settings/sample' },
    { name: 'audit', at: '/settings/audit' },
    { name: 'audit-access', at: '/settings/audit/access' },
    { name: 'audit-sign-ins', at: '/settings/audit/access?kind=sign-ins' },
  ]
  faults += await take(browser, rapport, screens, { owner, viewer })
} finally {
  await browser.close()
}
process.stdout.write(`${folder}: ${faults} faults\n`)
process.exitCode = faults === 0 ? 0 : 1
