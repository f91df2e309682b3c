// An open network as its people see it: what was said in public, one thread, and what is said to the airline alone.
import { html, type SafeHtml } from '#platform/http/html'
import { page } from './layout.ts'

export interface NetworkPost {
  readonly id: string
  readonly author: string
  readonly handle: string
  readonly text: string
  /** The line that it is hidden behind. */
  readonly warning: string | null
  readonly at: Date
  /** Written by the airline. */
  readonly ours: boolean
  readonly likes: number
  readonly boosts: number
}

export interface NetworkThread {
  readonly key: string
  readonly posts: readonly NetworkPost[]
}

/** Which network the page is of. */
export interface NetworkPlace {
  /** The last part of its address below `/demo`. */
  readonly path: string
  readonly name: string
  /** The airline's account there. */
  readonly handle: string
}

const moment = new Intl.DateTimeFormat('en', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})

const form = (action: string, title: string, name: string, wrong: string | null): SafeHtml =>
  html`<form method="post" action="${action}">
    <h2>${title}</h2>
    ${wrong === null ? '' : html`<p class="wrong" role="alert">${wrong}</p>`}
    <label>Your name <input name="name" value="${name}" required maxlength="30" autocomplete="nickname" /></label>
    <label>Your words <textarea name="text" rows="3" required maxlength="250"></textarea></label>
    <button type="submit">Post</button>
  </form>`

/** What nobody did is not told. */
function applause(likes: number, boosts: number): string {
  const liked = likes === 0 ? [] : [likes === 1 ? '1 like' : `${likes} likes`]
  return [...liked, ...(boosts === 0 ? [] : [`${boosts} shared it`])].join(', ')
}

/** The posts alone: what a page asks for while it is open. */
export function networkPosts(posts: readonly NetworkPost[]): SafeHtml {
  return html`${posts.map(
    ({ id, author, handle, text, warning, at, ours, likes, boosts }) => html`<li
      id="${`post-${id}`}"
      class="${ours ? 'ours' : 'theirs'}"
    >
      <p class="by">
        <strong dir="auto">${author}</strong> <span dir="auto">${handle}</span>
        <time datetime="${at.toISOString()}">${moment.format(at)}</time>
      </p>
      ${
        warning === null
          ? html`<p class="text" dir="auto">${text}</p>`
          : html`<details>
              <summary dir="auto">${warning}</summary>
              <p class="text" dir="auto">${text}</p>
            </details>`
      }
      ${likes + boosts === 0 ? '' : html`<p class="quiet">${applause(likes, boosts)}</p>`}
    </li>`,
  )}`
}

/** All threads, the newest word first. `wrong` says why the last post was not taken. */
export function networkPage(
  { path, name, handle }: NetworkPlace,
  threads: readonly NetworkThread[],
  guest: string,
  wrong: string | null = null,
): string {
  return page({
    title: name,
    place: 'forum',
    main: html`<main>
      <h1>${name}</h1>
      <p class="lead">
        A small ${name} of the demo’s own. What you post here names <strong>${handle}</strong>, so the airline hears of it.
        <a href="/demo/${path}/private">Write to it in private</a> instead.
      </p>
      ${form(`/demo/${path}`, 'Post in public', guest, wrong)}
      <ul class="threads">
        ${threads.map(({ key, posts }) => {
          const [first] = posts
          return html`<li>
            <a href="/demo/${path}/${key}" dir="auto">${first?.warning ?? first?.text}</a>
            <span><bdi>${first?.author}</bdi>, ${posts.length} ${posts.length === 1 ? 'post' : 'posts'}</span>
          </li>`
        })}
      </ul>
    </main>`,
  })
}

/** Posts that are looked for while the page is open, with a form below. */
function livePage(
  { path, name }: NetworkPlace,
  parts: {
    readonly title: string
    /** The title as the page shows it, with a name in it kept to itself. */
    readonly heading?: SafeHtml
    readonly at: string
    readonly posts: readonly NetworkPost[]
    readonly form: string
    readonly guest: string
    readonly wrong: string | null
    readonly lead?: SafeHtml
  },
): string {
  return page({
    title: `${parts.title}, ${name}`,
    place: 'forum',
    main: html`<main>
      <p><a href="/demo/${path}">All of ${name}</a></p>
      <h1>${parts.heading ?? parts.title}</h1>
      ${parts.lead ?? ''}
      <ol class="posts" id="posts" aria-live="polite" data-source="${parts.at}/posts">
        ${networkPosts(parts.posts)}
      </ol>
      ${form(parts.at, parts.form, parts.guest, parts.wrong)}
    </main>`,
    scripts: html`<script defer src="/demo/forum-live.js"></script>`,
  })
}

export function networkThreadPage(
  place: NetworkPlace,
  { key, posts }: NetworkThread,
  guest: string,
  wrong: string | null = null,
): string {
  const at = `/demo/${place.path}/${key}`
  const author = posts[0]?.author ?? 'nobody'
  const [title, heading] = [`Thread of ${author}`, html`Thread of <bdi>${author}</bdi>`]
  return livePage(place, { title, heading, at, posts, form: 'Reply in public', guest, wrong })
}

export function networkLinePage(
  place: NetworkPlace,
  posts: readonly NetworkPost[],
  guest: string,
  wrong: string | null = null,
): string {
  const at = `/demo/${place.path}/private`
  const lead = html`<p class="lead">Only <bdi>${guest}</bdi> and ${place.handle} read this.</p>`
  return livePage(place, { title: 'In private', at, posts, form: 'Write in private', guest, wrong, lead })
}
