import { useLingui } from '@lingui/react/macro'
import { Search } from 'lucide-react'
import { useRef, useState } from 'react'
import { Icon } from './icon.tsx'
import { Kbd } from './kbd.tsx'
import { useKeysFor, useShortcuts } from './use-shortcuts.tsx'

type TopSearchProps = { placeholder: string; value?: string | undefined; onSearch: (query: string) => void }

/** The one search. `/` goes there, Enter searches, Esc leaves. `value` is what the shown results were found with. */
export function TopSearch({ placeholder, value = '', onSearch }: TopSearchProps) {
  const { t } = useLingui()
  const input = useRef<HTMLInputElement>(null)
  const [text, setText] = useState(value)
  const [shown, setShown] = useState(value)
  if (shown !== value) {
    setShown(value)
    setText(value)
  }
  const keys = useKeysFor('search', '/')
  useShortcuts([
    { id: 'search', keys: '/', label: t`Search`, group: t`Everywhere`, run: () => input.current?.select() },
  ])
  return (
    <form
      role="search"
      onSubmit={(event) => {
        event.preventDefault()
        if (text.trim()) onSearch(text.trim())
      }}
      className="relative flex items-center"
    >
      <Icon of={Search} className="pointer-events-none absolute start-2.5 text-muted" />
      <input
        ref={input}
        type="search"
        enterKeyHint="search"
        aria-label={t`Search`}
        placeholder={placeholder}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && input.current?.blur()}
        className="peer h-control w-full rounded-control border border-line bg-sunken ps-8 transition-colors hover:border-edge focus:bg-raised pe-9 pointer-coarse:text-large [&::-webkit-search-cancel-button]:hidden"
      />
      {keys && <Kbd keys={keys} className="pointer-events-none absolute end-1.5 peer-focus:hidden max-tablet:hidden" />}
    </form>
  )
}
