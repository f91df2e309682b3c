// Our own words, drawn as whoever gets them sees them. Made of elements, never of HTML, so nothing in them can do anything.
import { Fragment } from 'react'
import { type Block, type Inline, type Lines, parseMarkdown } from '#platform/contract/markdown'
import { cx } from '../../../web/ui/cx.ts'
import { OutsideLink } from './outside-link.tsx'

export function MarkdownText({ text, className }: { text: string; className?: string | undefined }) {
  return (
    <div className={cx('flex max-w-full flex-col gap-2 wrap-anywhere', className)}>
      <Blocks blocks={parseMarkdown(text)} />
    </div>
  )
}

function Blocks({ blocks }: { blocks: readonly Block[] }) {
  return blocks.map((block, at) => <Drawn key={at} block={block} />)
}

function Drawn({ block }: { block: Block }) {
  if (block.kind === 'paragraph')
    return (
      <p dir="auto" className="whitespace-pre-wrap">
        <Rows lines={block.lines} />
      </p>
    )
  if (block.kind === 'quote')
    return (
      <blockquote className="flex flex-col gap-2 border-s-2 border-edge ps-3 text-muted">
        <Blocks blocks={block.blocks} />
      </blockquote>
    )
  const items = block.items.map((lines, at) => (
    <li key={at} dir="auto" className="whitespace-pre-wrap">
      <Rows lines={lines} />
    </li>
  ))
  return block.start === null ? (
    <ul className="list-disc ps-5">{items}</ul>
  ) : (
    <ol start={block.start} className="list-decimal ps-6">
      {items}
    </ol>
  )
}

function Rows({ lines }: { lines: Lines }) {
  return lines.map((parts, at) => (
    <Fragment key={at}>
      {at > 0 && <br />}
      <Parts parts={parts} />
    </Fragment>
  ))
}

function Parts({ parts }: { parts: readonly Inline[] }) {
  return parts.map((part, at) => <Part key={at} part={part} />)
}

function Part({ part }: { part: Inline }) {
  switch (part.kind) {
    case 'text':
      return part.text
    case 'code':
      return <code className="rounded-mark bg-sunken px-1 font-mono text-small">{part.text}</code>
    case 'bold':
      return (
        <strong className="font-bold">
          <Parts parts={part.parts} />
        </strong>
      )
    case 'italic':
      return (
        <em>
          <Parts parts={part.parts} />
        </em>
      )
    case 'link':
      return isAddress(part.href) ? <OutsideLink href={part.href}>{part.text}</OutsideLink> : part.text
  }
}

/** Asked again where it is drawn: whatever the reader of the marks lets through, nothing but these is ever a link. */
function isAddress(href: string): boolean {
  return URL.canParse(href) && ['http:', 'https:', 'mailto:'].includes(new URL(href).protocol)
}
