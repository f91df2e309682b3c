// Every URL of the web app. A screen is one line: its path, its parent, and where its code is loaded from.
//
//   const inbox = createRoute({
//     getParentRoute: () => inside,
//     path: '/inbox',
//     component: lazyRouteComponent(() => import('../domains/inbox/web/inbox-screen.tsx'), 'InboxScreen'),
//   })
//
// and its name in the tree below. `plain` is for screens without the frame, `inside` for those within it.
import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router'
import { welcomeSteps, type WelcomeStep } from '../domains/connections/web/welcome-steps.ts'
import { checkInboxSearch } from '../domains/inbox/web/views.ts'
import { requireLogin } from '../domains/workspaces/web/me.ts'
import { ErrorScreen } from './shell/error-screen.tsx'
import { InsideLayout } from './shell/inside-layout.tsx'
import { NotFoundScreen } from './shell/not-found-screen.tsx'
import { PlainLayout } from './shell/plain-layout.tsx'

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()()

const plain = createRoute({ getParentRoute: () => root, id: 'plain', component: PlainLayout })
const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  beforeLoad: requireLogin,
  component: InsideLayout,
})

// Before and beside the frame.
const setup = createRoute({
  getParentRoute: () => plain,
  path: '/setup',
  component: lazyRouteComponent(() => import('../domains/workspaces/web/setup-screen.tsx'), 'SetupScreen'),
})
const signIn = createRoute({
  getParentRoute: () => plain,
  path: '/sign-in',
  validateSearch: (search): { next?: string; email?: string } => ({
    ...(typeof search['next'] === 'string' && { next: search['next'] }),
    ...(typeof search['email'] === 'string' && { email: search['email'] }),
  }),
  component: lazyRouteComponent(() => import('../domains/workspaces/web/sign-in-screen.tsx'), 'SignInScreen'),
})
const forgot = createRoute({
  getParentRoute: () => plain,
  path: '/forgot-password',
  validateSearch: (search): { email?: string } =>
    typeof search['email'] === 'string' ? { email: search['email'] } : {},
  component: lazyRouteComponent(() => import('../domains/workspaces/web/forgot-screen.tsx'), 'ForgotScreen'),
})
const reset = createRoute({
  getParentRoute: () => plain,
  path: '/reset-password',
  component: lazyRouteComponent(() => import('../domains/workspaces/web/reset-screen.tsx'), 'ResetScreen'),
})
const join = createRoute({
  getParentRoute: () => plain,
  path: '/join',
  component: lazyRouteComponent(() => import('../domains/workspaces/web/join-screen.tsx'), 'JoinScreen'),
})
const welcome = createRoute({
  getParentRoute: () => plain,
  path: '/welcome',
  beforeLoad: requireLogin,
  validateSearch: (search): { step?: WelcomeStep } => {
    const step = welcomeSteps.find((one) => one === search['step'])
    return step ? { step } : {}
  },
  component: lazyRouteComponent(() => import('../domains/connections/web/welcome-screen.tsx'), 'WelcomeScreen'),
})
const preview = createRoute({
  getParentRoute: () => root,
  path: '/preview/$publicKey',
  component: lazyRouteComponent(() => import('../domains/connections/web/preview-screen.tsx'), 'PreviewScreen'),
})

const start = createRoute({
  getParentRoute: () => inside,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/inbox/{-$conversationId}', params: { conversationId: undefined }, search: {} })
  },
})
const inbox = createRoute({
  getParentRoute: () => inside,
  path: '/inbox/{-$conversationId}',
  validateSearch: checkInboxSearch,
  component: lazyRouteComponent(() => import('../domains/inbox/web/inbox-screen.tsx'), 'InboxScreen'),
})
const unsettled = createRoute({
  getParentRoute: () => inside,
  path: '/inbox/unsettled',
  component: lazyRouteComponent(() => import('../domains/inbox/web/unsettled-screen.tsx'), 'UnsettledScreen'),
})
const search = createRoute({
  getParentRoute: () => inside,
  path: '/search',
  validateSearch: ({ q }: Record<string, unknown>) => ({ q: typeof q === 'string' ? q.slice(0, 200) : '' }),
  component: lazyRouteComponent(() => import('../domains/inbox/web/search-screen.tsx'), 'SearchScreen'),
})

// What is understood, and the order that follows.
const review = createRoute({
  getParentRoute: () => inside,
  path: '/triage',
  component: lazyRouteComponent(() => import('../domains/triage/web/review-screen.tsx'), 'ReviewScreen'),
})
const model = createRoute({
  getParentRoute: () => inside,
  path: '/triage/model',
  component: lazyRouteComponent(() => import('../domains/triage/web/model-screen.tsx'), 'ModelScreen'),
})
const topics = createRoute({
  getParentRoute: () => inside,
  path: '/triage/topics',
  component: lazyRouteComponent(() => import('../domains/triage/web/topics-screen.tsx'), 'TopicsScreen'),
})
const priorityPolicy = createRoute({
  getParentRoute: () => inside,
  path: '/triage/priority',
  component: lazyRouteComponent(() => import('../domains/triage/web/policy-screen.tsx'), 'PolicyScreen'),
})
const triageChoices = createRoute({
  getParentRoute: () => inside,
  path: '/triage/settings',
  component: lazyRouteComponent(() => import('../domains/triage/web/choices-screen.tsx'), 'ChoicesScreen'),
})

// People, settings, connections.
const people = createRoute({
  getParentRoute: () => inside,
  path: '/people',
  component: lazyRouteComponent(() => import('../domains/workspaces/web/people-screen.tsx'), 'PeopleScreen'),
})
const teams = createRoute({
  getParentRoute: () => inside,
  path: '/people/teams',
  component: lazyRouteComponent(() => import('../domains/workspaces/web/teams-screen.tsx'), 'TeamsScreen'),
})
const roles = createRoute({
  getParentRoute: () => inside,
  path: '/people/roles',
  component: lazyRouteComponent(() => import('../domains/workspaces/web/roles-screen.tsx'), 'RolesScreen'),
})
const profile = createRoute({
  getParentRoute: () => inside,
  path: '/profile',
  component: lazyRouteComponent(() => import('../domains/workspaces/web/profile-screen.tsx'), 'ProfileScreen'),
})
const settings = createRoute({
  getParentRoute: () => inside,
  path: '/settings',
  component: lazyRouteComponent(() => import('../domains/workspaces/web/settings-screen.tsx'), 'SettingsScreen'),
})
const serviceHours = createRoute({
  getParentRoute: () => inside,
  path: '/settings/hours',
  component: lazyRouteComponent(() => import('../domains/workspaces/web/hours-screen.tsx'), 'HoursScreen'),
})
const labels = createRoute({
  getParentRoute: () => inside,
  path: '/settings/labels',
  component: lazyRouteComponent(() => import('../domains/inbox/web/labels-screen.tsx'), 'LabelsScreen'),
})
const sample = createRoute({
  getParentRoute: () => inside,
  path: '/settings/sample',
  component: lazyRouteComponent(() => import('../domains/workspaces/web/sample-screen.tsx'), 'SampleScreen'),
})
const tokens = createRoute({
  getParentRoute: () => inside,
  path: '/settings/tokens',
  component: lazyRouteComponent(() => import('../domains/workspaces/web/tokens-screen.tsx'), 'TokensScreen'),
})
const audit = createRoute({
  getParentRoute: () => inside,
  path: '/settings/audit',
  validateSearch: (search): { type?: string; subject?: string } => ({
    ...(typeof search['type'] === 'string' && { type: search['type'] }),
    ...(typeof search['subject'] === 'string' && { subject: search['subject'] }),
  }),
  component: lazyRouteComponent(() => import('../domains/workspaces/web/audit-screen.tsx'), 'AuditScreen'),
})
const access = createRoute({
  getParentRoute: () => inside,
  path: '/settings/audit/access',
  validateSearch: (search): { kind?: 'sign-ins' } => (search['kind'] === 'sign-ins' ? { kind: 'sign-ins' } : {}),
  component: lazyRouteComponent(() => import('../domains/workspaces/web/access-screen.tsx'), 'AccessScreen'),
})
const connections = createRoute({
  getParentRoute: () => inside,
  path: '/connections',
  component: lazyRouteComponent(() => import('../domains/connections/web/connections-screen.tsx'), 'ConnectionsScreen'),
})
const connect = createRoute({
  getParentRoute: () => inside,
  path: '/connections/new',
  validateSearch: (search): { channel?: string } =>
    typeof search['channel'] === 'string' ? { channel: search['channel'] } : {},
  component: lazyRouteComponent(() => import('../domains/connections/web/connect-screen.tsx'), 'ConnectScreen'),
})
const quarantine = createRoute({
  getParentRoute: () => inside,
  path: '/connections/quarantine',
  validateSearch: (search): { connection?: string } =>
    typeof search['connection'] === 'string' ? { connection: search['connection'] } : {},
  component: lazyRouteComponent(() => import('../domains/connections/web/quarantine-screen.tsx'), 'QuarantineScreen'),
})
const authorized = createRoute({
  getParentRoute: () => inside,
  path: '/connect/return',
  component: lazyRouteComponent(() => import('../domains/connections/web/return-screen.tsx'), 'ReturnScreen'),
})
const connection = createRoute({
  getParentRoute: () => inside,
  path: '/connections/$id',
  component: lazyRouteComponent(() => import('../domains/connections/web/connection-screen.tsx'), 'ConnectionScreen'),
})

const tree = root.addChildren([
  plain.addChildren([setup, signIn, forgot, reset, join, welcome]),
  preview,
  inside.addChildren([
    start,
    inbox,
    unsettled,
    search,
    review,
    model,
    topics,
    priorityPolicy,
    triageChoices,
    people,
    teams,
    roles,
    profile,
    settings,
    serviceHours,
    labels,
    sample,
    tokens,
    audit,
    access,
    connections,
    connect,
    quarantine,
    authorized,
    connection,
  ]),
])

export function newRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { queryClient },
    defaultPreload: 'intent',
    // Query decides what is fresh; the router only asks it.
    defaultPreloadStaleTime: 0,
    defaultErrorComponent: ErrorScreen,
    defaultNotFoundComponent: NotFoundScreen,
    // Lists there keep their own place: what the router remembers is from before the step to the next row.
    scrollRestoration: ({ location }) => !location.pathname.startsWith('/inbox'),
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof newRouter>
  }
}
