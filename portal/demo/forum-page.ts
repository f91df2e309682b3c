import { html, type SafeHtml } from '#platform/http/html'
import { page } from './layout.ts'

export interface ForumPost {
  readonly id: string
  readonly author: string
  readonly text: string
  readonly at: Date
  /** Written by the airline. */
  readonly ours: boolean
}

export interface ForumThread {
  readonly key: string
  readonly subject: string
  readonly posts: readonly ForumPost[]
}

const moment = new Intl.DateTimeFormat('en', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})

const form = (action: string, name: string, withTitle: boolean, wrong: string | null): SafeHtml =>
  html`<form method="post" action="${action}">
    <h2>${withTitle ? 'Begin a thread' : 'Reply'}</h2>
    ${wrong === null ? '' : html`<p class="wrong" role="alert">${wrong}</p>`}
    <label>Your name <input name="name" value="${name}" required maxlength="60" autocomplete="nickname" /></label>
    ${withTitle ? html`<label>Title <input name="subject" required maxlength="140" /></label>` : ''}
    <label>Your post <textarea name="text" rows="4" required maxlength="4000"></textarea></label>
    <button type="submit">Post</button>
  </form>`

/** All threads, the newest word first. `wrong` says why the last post was not taken. */
export function forumPage(threads: readonly ForumThread[], wrong: string | null = null): string {
  return page({
    title: 'Window Seat forum',
    place: 'forum',
    main: html`<main>
      <h1>Window Seat</h1>
      <p class="lead">Where people who fly a lot talk about it. The airline reads along, and answers.</p>
      <ul class="threads">
        ${threads.map(
          ({ key, subject, posts }) => html`<li>
            <a href="/demo/forum/${key}">${subject}</a>
            <span>${posts.length} ${posts.length === 1 ? 'post' : 'posts'}, last by ${posts.at(-1)?.author}</span>
          </li>`,
        )}
      </ul>
      ${form('/demo/forum', 'Guest', true, wrong)}
    </main>`,
  })
}

/** The posts of a thread alone: what the page asks for while it is open. */
export function postsOf({ posts }: ForumThread): SafeHtml {
  return html`${posts.map(
    ({ id, author, text, at, ours }) => html`<li id="${id}" class="${ours ? 'ours' : 'theirs'}">
      <p class="by">
        <strong dir="auto">${author}</strong> ${ours ? html`<em>Larkmoor Air</em>` : ''}
        <time datetime="${at.toISOString()}">${moment.format(at)}</time>
      </p>
      <p class="text" dir="auto">${text}</p>
    </li>`,
  )}`
}

export function threadPage(thread: ForumThread, name: string, wrong: string | null = null): string {
  return page({
    title: thread.subject,
    place: 'forum',
    main: html`<main>
      <p><a href="/demo/forum">All threads</a></p>
      <h1 dir="auto">${thread.subject}</h1>
      <ol class="posts" id="posts" aria-live="polite" data-source="/demo/forum/${thread.key}/posts">
        ${postsOf(thread)}
      </ol>
      ${form(`/demo/forum/${thread.key}`, name, false, wrong)}
    </main>`,
    scripts: html`<script defer src="/demo/forum-live.js"></script>`,
  })
}
