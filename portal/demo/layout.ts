// The frame of the demo's pages: what stands outside the desk, as customers of the airline see it.
import { html, type SafeHtml } from '#platform/http/html'

export interface PageParts {
  readonly title: string
  readonly place: 'desk' | 'shop' | 'forum' | 'mail'
  readonly main: SafeHtml
  readonly scripts?: SafeHtml
}

export function page({ title, place, main, scripts }: PageParts): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="stylesheet" href="/demo/demo.css" />
        <link rel="icon" href="/favicon.svg" />
      </head>
      <body class="${place}">
        <div class="demo-bar">
          <span>Demo: you are the customer here.</span>
          <nav aria-label="Demo">
            <a href="/demo">Customer’s desk</a>
            <a href="/demo/shop">Sample shop</a>
            <a href="/demo/forum">Forum</a>
            <a href="/demo/mail">Mailbox</a>
            <a href="/demo/mastodon">Mastodon</a>
            <a href="/demo/bluesky">Bluesky</a>
            <a href="/">The desk</a>
          </nav>
        </div>
        ${main} ${scripts}
      </body>
    </html>`.toString()
}

/** A lark over two waves of air. */
export const lark = html`<svg class="lark" viewBox="0 0 64 40" aria-hidden="true" focusable="false">
  <path d="M4 26c10-1 15-6 20-14 3 6 7 9 13 10 8 1 14-3 23-12-4 14-13 22-26 22-12 0-21-2-30-6z" fill="currentColor" />
</svg>`
