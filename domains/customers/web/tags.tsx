import { useLingui } from '@lingui/react/macro'
import { X } from 'lucide-react'
import { useState } from 'react'
import { useMay } from '../../../platform/browser/session.tsx'
import { Icon } from '../../../web/ui/icon.tsx'
import { TextField } from '../../../web/ui/text-field.tsx'
import type { Customer } from '../contract.ts'
import { PanelPart } from './panel-part.tsx'
import { customersApi } from './queries.ts'
import { useCustomerChange } from './use-customer-change.ts'

export function Tags({ customer: { id, tags } }: { customer: Customer }) {
  const { t } = useLingui()
  const may = useMay()
  const [text, setText] = useState('')
  const { change } = useCustomerChange(id)
  const edits = may('customers.edit')
  if (tags.length === 0 && !edits) return null
  const add = async () => {
    const tag = text.trim()
    if (tag === '') return
    if (await change(() => customersApi.addTags({ params: { id }, body: { tags: [tag] } }))) setText('')
  }
  return (
    <PanelPart title={t`Tags`}>
      {tags.length > 0 && (
        <ul className="flex flex-wrap gap-1">
          {tags.map((tag) => (
            <li key={tag} className="flex h-6 max-w-full items-center rounded-mark bg-tint ps-2 text-small last:pe-0">
              <bdi className="truncate">{tag}</bdi>
              {edits ? (
                <button
                  type="button"
                  aria-label={t`Remove the tag ${tag}`}
                  className="flex size-6 items-center justify-center rounded-mark text-muted hover:text-text"
                  onClick={() => void change(() => customersApi.removeTags({ params: { id }, body: { tags: [tag] } }))}
                >
                  <Icon of={X} className="size-3.5" />
                </button>
              ) : (
                <span className="w-2" />
              )}
            </li>
          ))}
        </ul>
      )}
      {edits && (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            void add()
          }}
        >
          <TextField
            label={t`Add a tag`}
            hideLabel
            placeholder={t`Add a tag`}
            value={text}
            onValueChange={setText}
            maxLength={40}
          />
        </form>
      )}
    </PanelPart>
  )
}
