import { expect, test } from 'vitest'
import { parseMarkdown, wordsOf } from './markdown.ts'

const text = (words: string) => ({ kind: 'text', text: words })

test('marks become parts, and everything else stays as it was typed', () => {
  expect(parseMarkdown('Take **gate 4** at [the desk](https://a.example).\n2 * 3 = 6')).toEqual([
    {
      kind: 'paragraph',
      lines: [
        [
          text('Take '),
          { kind: 'bold', parts: [text('gate 4')] },
          text(' at '),
          { kind: 'link', text: 'the desk', href: 'https://a.example' },
          text('.'),
        ],
        [text('2 * 3 = 6')],
      ],
    },
  ])
})

test('lists and quotes stand for themselves, also without an empty line before them', () => {
  expect(parseMarkdown('Bring:\n- the code\n  in print\n- an ID\n\n3. then\n4) go\n\n> You asked:\n> > when?')).toEqual(
    [
      { kind: 'paragraph', lines: [[text('Bring:')]] },
      { kind: 'list', start: null, items: [[[text('the code')], [text('in print')]], [[text('an ID')]]] },
      { kind: 'list', start: 3, items: [[[text('then')]], [[text('go')]]] },
      {
        kind: 'quote',
        blocks: [
          { kind: 'paragraph', lines: [[text('You asked:')]] },
          { kind: 'quote', blocks: [{ kind: 'paragraph', lines: [[text('when?')]] }] },
        ],
      },
    ],
  )
})

test('only addresses of the web and of mail become links', () => {
  const kinds = parseMarkdown(
    '[a](javascript:alert(1)) [b](data:text/html,x) [c](//evil.example) [d](mailto:a@b.example)',
  )
  expect(JSON.stringify(kinds).match(/"href":"[^"]*"/g)).toEqual(['"href":"mailto:a@b.example"'])
})

test('the words alone hold no marks', () => {
  expect(wordsOf(parseMarkdown('It is **on** its way:\n\n- `AB 123`\n\n> really?\n\n[here](https://a.example)'))).toBe(
    'It is on its way: AB 123 really? here',
  )
})
