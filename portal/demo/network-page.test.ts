import { expect, test } from 'vitest'
import { networkPage, networkPosts, networkThreadPage, type NetworkPost } from './network-page.ts'

const aPost: NetworkPost = {
  id: '1',
  author: 'Mia \u202e<b>',
  handle: '@mia@far.example',
  text: '<script>alert(1)</script>',
  warning: null,
  at: new Date('2026-09-01T12:00:00Z'),
  ours: false,
  likes: 0,
  boosts: 0,
}
const place = { path: 'square', name: 'Square', handle: '@firm' }

test('what strangers write is never markup, and a name that turns round is kept to itself', () => {
  const thread = { key: 'k', posts: [aPost] }
  for (const page of [networkPage(place, [thread], 'Guest <i>'), networkThreadPage(place, thread, 'Guest <i>')]) {
    expect(page).not.toMatch(/<script>|<b>|<i>/)
    expect(page).toContain('<bdi>Mia \u202e&#60;b&#62;</bdi>')
  }
})

test('words behind a line are folded away; what nobody did is not told', () => {
  const posts = (given: Partial<NetworkPost>): string => networkPosts([{ ...aPost, ...given }]).toString()
  expect(posts({})).not.toMatch(/<details>|like|shared/)
  expect(posts({ warning: 'Food, of a kind' })).toMatch(/<summary dir="auto">Food, of a kind<\/summary>/)
  expect(posts({ likes: 1 })).toContain('>1 like<')
  expect(posts({ likes: 214, boosts: 61 })).toContain('214 likes, 61 shared it')
})
