// The frame around what is being written: files are dropped onto it, pasted into it, or chosen by a button.
import { useLingui } from '@lingui/react/macro'
import { Paperclip } from 'lucide-react'
import { useRef, useState, type ClipboardEvent, type ComponentProps, type DragEvent, type ReactNode } from 'react'
import { cx } from '../../../web/ui/cx.ts'
import { IconButton } from '../../../web/ui/icon-button.tsx'

export type AddFiles = (files: Iterable<File>) => void

type WritingBoxProps = Pick<ComponentProps<'div'>, 'onKeyDown'> & {
  onFiles: AddFiles
  className?: string
  children: ReactNode
}

export function WritingBox({ onFiles, className, children, ...rest }: WritingBoxProps) {
  const [over, setOver] = useState(false)
  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    onFiles([...event.dataTransfer.files])
  }
  const onPaste = (event: ClipboardEvent) => {
    const pasted = [...event.clipboardData.files]
    if (pasted.length === 0) return
    event.preventDefault()
    onFiles(pasted)
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- files can also be chosen with the button
    <div
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
      onPaste={onPaste}
      className={cx(
        'flex flex-col rounded-panel border transition-colors has-[textarea:focus-visible]:border-accent',
        over ? 'border-accent' : 'border-edge',
        className,
      )}
      {...rest}
    >
      {children}
    </div>
  )
}

export function AddFilesButton({ onFiles, size = 'normal' }: { onFiles: AddFiles; size?: 'normal' | 'small' }) {
  const { t } = useLingui()
  const files = useRef<HTMLInputElement>(null)
  return (
    <>
      <IconButton icon={Paperclip} size={size} label={t`Add files`} onClick={() => files.current?.click()} />
      <input
        ref={files}
        type="file"
        multiple
        hidden
        aria-label={t`Files`}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])])
          event.target.value = ''
        }}
      />
    </>
  )
}
