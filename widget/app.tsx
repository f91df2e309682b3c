/** @jsxImportSource preact */
// What shows before the panel opens, and the panel, are classes: hooks would cost a tenth of all that a page may wait for.
import { Component, createRef } from 'preact'
import { Icon } from './icons.tsx'
import { Panel } from './panel.tsx'
import type { Session, State } from './session.ts'
import { fill, type Language } from './words.ts'

export interface View {
  readonly session: Session
  readonly state: State
  readonly language: Language
}

/** The launcher, and the panel while it is open. Nothing shows before the chat's settings are known. */
export class App extends Component<Omit<View, 'state'>> {
  launcher = createRef<HTMLButtonElement>()
  stop = (): void => {}

  override componentDidMount(): void {
    this.stop = this.props.session.subscribe(() => this.forceUpdate())
  }

  override componentWillUnmount(): void {
    this.stop()
  }

  override render() {
    const { session, language } = this.props
    const state = session.state()
    const { config, open, unread } = state
    const { words, locale, rtl } = language
    if (!config) return null
    const close = (): void => {
      session.setOpen(false)
      this.launcher.current?.focus()
    }
    return (
      <div class={`chat ${config.position}${open ? ' open' : ''}`} dir={rtl ? 'rtl' : 'ltr'} lang={locale}>
        {open && <Panel session={session} state={state} language={language} onClose={close} />}
        <button
          ref={this.launcher}
          class="launcher"
          type="button"
          aria-expanded={open}
          aria-label={open ? words.close : words.open + (unread ? `. ${fill(words.unread, { n: unread })}` : '')}
          onClick={() => (open ? close() : session.setOpen(true))}
        >
          <Icon name={open ? 'close' : 'chat'} />
          {!open && unread > 0 && (
            <span class="count" aria-hidden="true">
              {unread > 9 ? '9+' : unread}
            </span>
          )}
        </button>
      </div>
    )
  }
}
