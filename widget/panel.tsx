/** @jsxImportSource preact */
import { Component, createRef } from 'preact'
import type { View } from './app.tsx'
import { Composer } from './composer.tsx'
import { Icon } from './icons.tsx'
import { Later } from './later.tsx'
import type { Contact } from './session.ts'
import { ThreadView } from './thread-view.tsx'
import { fill, moment } from './words.ts'

const contactForm = () => import('./contact-form.tsx')

interface Props extends View {
  readonly onClose: () => void
}

export class Panel extends Component<Props, { asked: boolean }> {
  override state = { asked: false }
  panel = createRef<HTMLDivElement>()
  focus = (): void => (this.panel.current?.querySelector('textarea') ?? this.panel.current)?.focus()

  override componentDidMount(): void {
    this.focus()
  }

  override render() {
    const { session, state, language, onClose } = this.props
    const { words, locale } = language
    const { config, hours, visit, thread, outbox, notice, connected } = state
    const begun = visit !== null || thread.messages.length > 0 || outbox.length > 0
    const asks = config!.prechat !== 'none' && !begun && !this.state.asked
    const away = hours?.open === false
    const nameless = begun && !visit?.verified && visit?.email === null

    const answer = async (contact: Contact | null): Promise<void> => {
      if (contact) await session.act((acts, core) => acts.contact(core, contact)).catch(() => {})
      this.setState({ asked: true }, this.focus)
    }
    const mail = config!.carriesOn
    const status = away
      ? hours.opensAt
        ? fill(words.awayUntil, { when: moment(hours.opensAt, locale) })
        : words.away
      : hours?.open
        ? words.here
        : null

    return (
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape closes from anywhere inside
      <div
        ref={this.panel}
        class="panel"
        role="dialog"
        tabIndex={-1}
        aria-label={config!.name}
        onKeyDown={(event) => event.key === 'Escape' && (event.stopPropagation(), onClose())}
      >
        <header>
          <div class="title">
            <h2>{config!.name}</h2>
            {status && <p class={away ? 'away' : 'here'}>{status}</p>}
          </div>
          {thread.messages.length > 0 && (
            <button
              type="button"
              class="icon"
              aria-label={words.transcript}
              title={words.transcript}
              onClick={() => void session.act((acts, core) => acts.saveTranscript(core)).catch(() => {})}
            >
              <Icon name="save" />
            </button>
          )}
          <button type="button" class="icon" aria-label={words.close} title={words.close} onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
        <ThreadView session={session} state={state} language={language}>
          <p class="greeting">{config!.greeting ?? words.hello}</p>
          {away && <p class="quiet">{mail && visit?.email ? words.alsoMail : words.waits}</p>}
        </ThreadView>
        <footer>
          {!connected && (
            <p class="quiet" role="status">
              {words.lost}
            </p>
          )}
          {notice && (
            <p class="problem" role="alert">
              {/too_many/.test(notice) ? words.tooMany : words.wrong}
            </p>
          )}
          {away && nameless && (
            <Later
              load={contactForm}
              pick={(module) => module.ContactForm}
              language={language}
              mail={mail}
              required={false}
              action={words.save}
              onDone={(contact: Contact | null) => contact && session.act((acts, core) => acts.contact(core, contact))}
            />
          )}
          {thread.line.state === 'resolved' && (
            <p class="quiet">
              {words.resolved}{' '}
              <button
                type="button"
                class="link"
                onClick={() => void session.act((acts, core) => acts.startAgain(core)).catch(() => {})}
              >
                {words.again}
              </button>
            </p>
          )}
          {config!.paused ? (
            <p class="quiet">{words.paused}</p>
          ) : asks ? (
            <Later
              load={contactForm}
              pick={(module) => module.ContactForm}
              language={language}
              mail={mail}
              required={config!.prechat === 'required'}
              action={words.start}
              skip={config!.prechat === 'optional' ? words.skip : null}
              first
              onDone={answer}
            />
          ) : (
            <Composer session={session} language={language} />
          )}
          {!config!.hideMark && (
            <p class="mark">
              <Icon name="mark" /> Rapport
            </p>
          )}
        </footer>
      </div>
    )
  }
}
