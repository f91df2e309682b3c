import { expect, test } from 'vitest'
import { openedWith } from './opening.ts'

test('an answer begins with the person, unless its words name them', () => {
  expect(openedWith('@jo@far.example ', 'Hello')).toBe('@jo@far.example Hello')
  expect(openedWith('@jo ', 'Hello @Jo, hello.')).toBe('Hello @Jo, hello.')
  expect(openedWith('@jo ', 'Hello @jo.')).toBe('Hello @jo.')
  expect(openedWith('', 'Hello')).toBe('Hello')
})

test('somebody of a like name is not that person', () => {
  for (const text of ['@john', '@jo@far.example', '@jo-ann', 'x@jo', '@jo.ann'])
    expect(openedWith('@jo ', text)).toBe(`@jo ${text}`)
})
