/** @jsxImportSource preact */
import { Component, createRef, type TargetedEvent } from 'preact'
import type { VisitFile } from '#webchat/contract'
import type { Sending } from './files.tsx'
import { Icon } from './icons.tsx'
import { Later } from './later.tsx'
import type { Session } from './session.ts'
import { fill, type Language } from './words.ts'

const TEXT_LENGTH = 5000
const FILES = 5
const filesPart = () => import('./files.tsx')
const emojiPart = () => import('./emoji.tsx')

interface Props {
  readonly session: Session
  readonly language: Language
}

interface Written {
  readonly text: string
  readonly sending: readonly Sending[]
  readonly emoji: boolean
  readonly problem: string | null
}

export class Composer extends Component<Props, Written> {
  override state: Written = { text: '', sending: [], emoji: false, problem: null }
  area = createRef<HTMLTextAreaElement>()
  picker = createRef<HTMLInputElement>()

  override componentDidUpdate(_: Props, before: Written): void {
    if (before.text === this.state.text) return
    const area = this.area.current!
    area.style.height = 'auto'
    area.style.height = `${Math.min(area.scrollHeight, 140)}px`
  }

  files(): VisitFile[] {
    return this.state.sending.flatMap(({ file }) => file ?? [])
  }

  ready(): boolean {
    const { text, sending } = this.state
    const files = this.files()
    return text.length <= TEXT_LENGTH && files.length === sending.length && (text.trim() !== '' || files.length > 0)
  }

  send = (): void => {
    this.area.current?.focus()
    if (!this.ready()) return
    this.props.session.send(this.state.text.trim(), this.files())
    this.setState({ text: '', sending: [], emoji: false, problem: null })
  }

  pick = async ({ currentTarget }: TargetedEvent<HTMLInputElement>): Promise<void> => {
    const { session, language } = this.props
    const chosen = [...(currentTarget.files ?? [])].slice(0, FILES - this.state.sending.length)
    currentTarget.value = ''
    this.setState({ problem: null })
    try {
      const { sendUp, taken } = await filesPart()
      await session.ensureVisit()
      for (const file of chosen) {
        sendUp(session, file, (one) => {
          const problem = one.problem && fill(language.words[one.problem], { name: one.name })
          this.setState(({ sending }: Written) => ({ sending: taken(sending, one), ...(problem && { problem }) }))
        })
      }
    } catch {
      this.setState({ problem: language.words.wrong })
    }
  }

  drop({ id, cancel }: Sending): void {
    cancel()
    this.setState(({ sending }: Written) => ({ sending: sending.filter((one) => one.id !== id) }))
    this.area.current?.focus()
  }

  put = (emoji: string): void => {
    const { selectionStart, selectionEnd } = this.area.current!
    const { text } = this.state
    this.setState({ text: text.slice(0, selectionStart) + emoji + text.slice(selectionEnd), emoji: false })
    this.area.current!.focus()
  }

  override render() {
    const { session, language } = this.props
    const { words } = language
    const { text, sending, emoji, problem } = this.state
    const left = TEXT_LENGTH - text.length
    return (
      <div class="composer">
        {problem && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        {sending.length > 0 && (
          <Later
            load={filesPart}
            pick={(module) => module.SendingList}
            all={sending}
            words={words}
            onDrop={(one: Sending) => this.drop(one)}
          />
        )}
        {emoji && <Later load={emojiPart} pick={(module) => module.Emoji} label={words.emoji} onPick={this.put} />}
        <div class="field">
          <textarea
            ref={this.area}
            rows={1}
            {...(text && { dir: 'auto' })}
            placeholder={words.write}
            aria-label={words.write}
            aria-invalid={left < 0}
            value={text}
            onInput={({ currentTarget: { value } }) => {
              this.setState({ text: value })
              session.types(value !== '')
            }}
            onBlur={() => session.types(false)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
              event.preventDefault()
              this.send()
            }}
          />
          <div class="tools">
            <input
              ref={this.picker}
              class="hidden"
              type="file"
              multiple
              accept="image/*,application/pdf,text/plain"
              tabIndex={-1}
              aria-hidden="true"
              onChange={this.pick}
            />
            <button
              type="button"
              class="icon"
              aria-label={words.attach}
              title={words.attach}
              disabled={sending.length >= FILES}
              onClick={() => this.picker.current!.click()}
            >
              <Icon name="attach" />
            </button>
            <button
              type="button"
              class="icon"
              aria-label={words.emoji}
              title={words.emoji}
              aria-expanded={emoji}
              onClick={() => this.setState({ emoji: !emoji })}
            >
              <Icon name="emoji" />
            </button>
            {left < 0 && (
              <span class="problem" role="status">
                {fill(words.tooLong, { n: -left })}
              </span>
            )}
            <button
              type="button"
              class="icon go"
              aria-label={words.send}
              title={words.send}
              aria-disabled={!this.ready()}
              onClick={this.send}
            >
              <Icon name="send" />
            </button>
          </div>
        </div>
      </div>
    )
  }
}
