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
import { createRootRouteWithContext, createRoute, createRouter } from '@tanstack/react-router'
import { ErrorScreen } from './shell/error-screen.tsx'
import { InsideLayout } from './shell/inside-layout.tsx'
import { NotFoundScreen } from './shell/not-found-screen.tsx'
import { PlainLayout } from './shell/plain-layout.tsx'
import { StartScreen } from './shell/start-screen.tsx'

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()()

const plain = createRoute({ getParentRoute: () => root, id: 'plain', component: PlainLayout })
const inside = createRoute({ getParentRoute: () => root, id: 'inside', component: InsideLayout })
const start = createRoute({ getParentRoute: () => inside, path: '/', component: StartScreen })

const tree = root.addChildren([plain, inside.addChildren([start])])

export function newRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { queryClient },
    defaultPreload: 'intent',
    // Query decides what is fresh; the router only asks it.
    defaultPreloadStaleTime: 0,
    defaultErrorComponent: ErrorScreen,
    defaultNotFoundComponent: NotFoundScreen,
    scrollRestoration: true,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof newRouter>
  }
}
