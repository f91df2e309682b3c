// The one tag on a page. Finds its own tag, makes `window.Rapport` at once so that a page may call it in any order, and
// fetches the chat itself when the page is done with its own work.
import type { Chat, Start } from './main.tsx'

declare const CHAT_FILE: string

type Command = [name: string, argument?: unknown]
interface RapportWindow {
  Rapport?: ((...command: Command) => void) & { waiting?: Command[] }
}

const tag = document.currentScript as HTMLScriptElement | null
const key = tag?.dataset['key']
if (tag && key) {
  const page = window as unknown as RapportWindow
  const base = new URL('.', tag.src).href
  const waiting: Command[] = page.Rapport?.waiting ?? []
  let chat: Chat | null = null
  page.Rapport = (...command) => {
    if (chat) chat.command(...command)
    else waiting.push(command)
  }
  const begin = (): void => {
    // An absolute address: for a script of another origin the browser forgets where it came from.
    import(/* @vite-ignore */ base + CHAT_FILE)
      .then((module: { start(start: Start): Chat }) => {
        chat = module.start({ base: base.slice(0, -1), key, locale: tag.dataset['locale'] ?? null })
        waiting.splice(0).forEach((command) => chat?.command(...command))
      })
      .catch(() => {}) // a page must not break because its chat can't be reached
  }
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', begin)
  else begin()
}
