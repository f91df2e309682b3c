/** @jsxImportSource preact */
// Puts the chat into a page that knows nothing of it: a shadow root with a constructed style sheet, so that neither the page's
// styles nor its policy (no inline styles, no frames) are in the way.
import { render } from 'preact'
import type { WidgetAccent } from '#webchat/contract'
import { App } from './app.tsx'
import { openSession, type Identity, type Session } from './session.ts'
import { addStyle, styleRoot } from './style.ts'
import css from './style.css?inline'
import { en, languageOf, type Language } from './words.ts'

export interface Start {
  readonly base: string
  readonly key: string
  readonly locale: string | null
}

export interface Chat {
  command(name: string, argument?: unknown): void
}

/** Starts the chat on this page. */
export function start({ base, key, locale }: Start): Chat {
  const host = document.createElement('rapport-chat')
  const root = host.attachShadow({ mode: 'open' })
  styleRoot(root)
  addStyle(css)
  let language: Language = { locale: 'en', words: en, rtl: false }
  const session: Session = openSession(base, key, () => language.locale)
  const draw = (): void => render(<App session={session} language={language} />, root)
  const wanted = [locale, document.documentElement.lang, ...navigator.languages].filter((one): one is string =>
    Boolean(one),
  )

  let coloured = false
  session.subscribe(() => {
    const { config } = session.state()
    if (!config || coloured) return
    coloured = true
    const { light, dark } = config.accents
    const rule = ({ accent, ink }: WidgetAccent): string => `:host{--accent:${accent};--on-accent:${ink}}`
    addStyle(`${rule(light)}@media(prefers-color-scheme:dark){${rule(dark)}}`)
  })
  void languageOf(wanted).then((found) => {
    language = found
    document.body.append(host)
    draw()
    return session.begin()
  })

  return {
    command(name, argument) {
      if (name === 'open' || name === 'close') session.setOpen(name === 'open')
      if (name === 'identify') session.act((acts, core) => acts.identify(core, argument as Identity)).catch(() => {})
      if (name === 'shutdown') {
        void session.act((acts, core) => acts.shutdown(core)).catch(() => {})
        render(null, root)
        host.remove()
      }
    },
  }
}
