/** @jsxImportSource preact */
import { addStyle } from './style.ts'
import css from './emoji.css?inline'

addStyle(css)
const all = [...'🙂😀😂😉😍🤔😕😢😭😡🙏👍👎👏👋💪❤🎉🔥✅❌❓⏰📷📎📦🚚💳🔑💡⭐☕']

export function Emoji({ label, onPick }: { label: string; onPick: (emoji: string) => void }) {
  return (
    <div class="emoji" role="group" aria-label={label}>
      {all.map((one) => (
        <button key={one} type="button" onClick={() => onPick(one)}>
          {one}
        </button>
      ))}
    </div>
  )
}
