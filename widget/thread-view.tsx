/** @jsxImportSource preact */
import { Component, createRef, type ComponentChildren } from 'preact'
import type { VisitFile, VisitMessage } from '#webchat/contract'
import type { View } from './app.tsx'
import { Later } from './later.tsx'
import type { OutItem } from './outbox.ts'
import { moment, type Words } from './words.ts'

/** Messages follow each other closely when they are of one hand within this time. */
const TOGETHER_MS = 5 * 60_000
const files = () => import('./files.tsx')

interface Props extends View {
  readonly children: ComponentChildren
}

export class ThreadView extends Component<Props> {
  list = createRef<HTMLDivElement>()
  atEnd = true
  height = 0
  watch = new ResizeObserver(() => this.settle())

  /** Keeps the end in sight where it was; where older messages grew the list upward, what is being read stays in place. */
  settle(before?: Props): void {
    const element = this.list.current
    if (!element) return
    const { thread, outbox } = this.props.state
    const grewUp = before && before.state.thread.messages[0]?.id !== thread.messages[0]?.id
    const wrote = before && before.state.outbox.length < outbox.length
    if (this.atEnd || wrote) element.scrollTop = element.scrollHeight
    else if (grewUp) element.scrollTop += element.scrollHeight - this.height
    this.height = element.scrollHeight
  }

  override componentDidMount(): void {
    this.settle()
    this.watch.observe(this.list.current!)
  }

  override componentDidUpdate(before: Props): void {
    this.settle(before)
  }

  override componentWillUnmount(): void {
    this.watch.disconnect()
  }

  override render() {
    const { session, state, language, children } = this.props
    const { words } = language
    const { thread, outbox, deskTypes } = state
    const lastOwn = thread.messages.findLast(({ from }) => from === 'visitor')
    return (
      <div
        ref={this.list}
        class="thread"
        role="log"
        aria-label={state.config!.name}
        tabIndex={0}
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
          this.atEnd = scrollHeight - scrollTop - clientHeight < 40
        }}
      >
        {thread.next ? (
          <button
            type="button"
            class="link older"
            onClick={() => void session.act((acts, core) => acts.older(core)).catch(() => {})}
          >
            {words.older}
          </button>
        ) : (
          children
        )}
        {thread.messages.map((message, index) => (
          <Message
            key={message.clientId ?? message.id}
            message={message}
            first={startsGroup(message, thread.messages[index - 1])}
            note={
              message.byMail
                ? words.email
                : message === lastOwn && outbox.length === 0
                  ? message.seq <= thread.line.deskReadSeq
                    ? words.read
                    : words.delivered
                  : null
            }
            session={session}
            state={state}
            language={language}
          />
        ))}
        {outbox.map((item) => (
          <Waiting
            key={item.clientId}
            item={item}
            words={words}
            online={state.connected}
            onRetry={() => session.retry(item.clientId)}
          />
        ))}
        {deskTypes && <p class="note">{words.typing}</p>}
      </div>
    )
  }
}

function startsGroup(message: VisitMessage, before: VisitMessage | undefined): boolean {
  return (
    !before ||
    before.from !== message.from ||
    before.author !== message.author ||
    Date.parse(message.at) - Date.parse(before.at) > TOGETHER_MS
  )
}

function Message({
  message,
  first,
  note,
  session,
  state,
  language,
}: View & { message: VisitMessage; first: boolean; note: string | null }) {
  const { words, locale } = language
  const own = message.from === 'visitor'
  return (
    <div class={`message ${own ? 'own' : 'desk'}${first ? ' first' : ''}`}>
      {first && (
        <p class="by">
          <span class={own ? 'hidden' : ''}>{own ? words.you : (message.author ?? state.config!.name)}</span>{' '}
          <time dateTime={message.at}>{moment(message.at, locale)}</time>
        </p>
      )}
      {message.deleted ? (
        <p class="text quiet">{words.deleted}</p>
      ) : (
        message.text && <p class="text">{linked(message.text)}</p>
      )}
      {message.files.map((file) => (
        <Later
          key={file.id}
          load={files}
          pick={(module) => module.FileView}
          file={file}
          session={session}
          words={words}
        />
      ))}
      {note && <p class="note">{note}</p>}
    </div>
  )
}

interface WaitingProps {
  readonly item: OutItem
  readonly words: Words
  readonly online: boolean
  readonly onRetry: () => void
}

function Waiting({ item: { text, files, state }, words, online, onRetry }: WaitingProps) {
  return (
    <div class="message own waiting">
      {text && <p class="text">{linked(text)}</p>}
      {files.map(({ id, name }: VisitFile) => (
        <p key={id} class="text">
          {name}
        </p>
      ))}
      <p class={`note${state === 'failed' ? ' problem' : ''}`}>
        {state === 'failed'
          ? words.failed
          : state === 'accepted'
            ? words.sent
            : online && navigator.onLine
              ? words.sending
              : words.offline}
        {state === 'failed' && (
          <>
            {' '}
            <button type="button" class="link" onClick={onRetry}>
              {words.retry}
            </button>
          </>
        )}
      </p>
    </div>
  )
}

function linked(text: string): ComponentChildren {
  return text.split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]}'’])/).map((part, index) =>
    index % 2 ? (
      <a key={index} href={part} target="_blank" rel="noopener noreferrer nofollow">
        {part}
      </a>
    ) : (
      part
    ),
  )
}
