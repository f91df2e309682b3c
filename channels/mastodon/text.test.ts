import { describe, expect, test } from 'vitest'
import type { Mention } from './entities.ts'
import { gist, readPost, titleOf } from './text.ts'

const ada: Mention = { id: '1', acct: 'ada@trains.example', username: 'ada', url: 'https://trains.example/@ada' }
const bo: Mention = { id: '2', acct: 'bo', username: 'bo', url: 'https://social.example/@bo' }
const read = (html: string) => readPost(html, [ada, bo], 'social.example')
const text = (html: string) => read(html).text

describe('words', () => {
  test.each([
    ['<p>One<br>two<br />three</p><p>four</p>', 'One\ntwo\nthree\n\nfour'],
    [
      '<p><span class="h-card"><a href="https://trains.example/@ada" class="u-url mention">@<span>ada</span></a></span> hi</p>',
      '@ada@trains.example hi',
    ],
    ['<p><a href="https://social.example/@bo" class="u-url mention">@<span>bo</span></a></p>', '@bo@social.example'],
    ['<p><a href="https://nowhere.example/@x" class="mention">@<span>x</span></a></p>', '@x'],
    [
      '<p><a href="https://social.example/tags/fail" class="mention hashtag" rel="tag">#<span>Fail</span></a></p>',
      '#Fail',
    ],
    [
      '<p><a href="https://www.news.example/2026/a-long-story"><span class="invisible">https://www.</span><span class="ellipsis">news.example/2026/a-lo</span><span class="invisible">ng-story</span></a></p>',
      'https://www.news.example/2026/a-long-story',
    ],
    ['<p>&lt;b&gt; &amp; :blobcat: 5 &gt; 3</p>', '<b> & :blobcat: 5 > 3'],
    ['<p>a <img class="custom-emoji" alt=":cat:" src="https://x.example/c.png"> b</p>', 'a :cat: b'],
    ['plain words of another server', 'plain words of another server'],
    ['', ''],
  ])('%s', (html, words) => expect(read(html)).toEqual({ text: words }))

  test('what has a form besides keeps it as HTML', () => {
    expect(
      read('<p>Do <strong>not</strong></p><ul><li>this</li><li>that</li></ul><blockquote><p>so</p></blockquote>'),
    ).toEqual({
      text: 'Do not\n\n• this\n• that\n\n> so',
      html: '<p>Do <strong>not</strong></p><ul><li>this</li><li>that</li></ul><blockquote><p>so</p></blockquote>',
    })
  })
})

describe('hostile HTML', () => {
  test.each([
    ['<p>a<script>alert(1)</script>b</p>', 'ab'],
    ['<p onclick="x()">a</p><style>p{}</style><iframe srcdoc="<b>x</b>">y</iframe>', 'a'],
    ['<svg onload=alert(1)><p>a</p></svg>', 'a'],
    ['<a href="javascript:alert(1)">click</a>', 'click'],
    ['<a href="java\tscript:alert(1)">click</a>', 'click'],
    ['<a href="data:text/html,x">click</a>', 'click'],
    ['<a href="https://evil.example/">https://bank.example/</a>', 'https://evil.example/'],
    ['<p>unclosed <b>bold <i>both', 'unclosed bold both'],
    ['</p></div></b>nothing was open', 'nothing was open'],
    ['<p>cut off <a href="https://x.exam', 'cut off'],
    ['<p>\u0000nul and half \ud800</p>', 'nul and half \ufffd'],
  ])('%s', (html, words) => expect(text(html)).toBe(words))

  test('leaves nothing in HTML that runs, loads or leads elsewhere than it says', () => {
    const evil =
      '<b>x</b><img src=x onerror=alert(1)><a href="https://a.example/" onmouseover="x" style="position:fixed">bank</a>' +
      '<a href="https://bank.example@evil.example/">bank</a><form action=/x><input name=y></form><math><mtext></math>' +
      '<p style="background:url(https://track.example)" class="x" id="y">z</p><a href="https://q.example/?a=&quot;><script>">q</a>'
    const { html } = read(evil)
    expect(html).toContain('<a href="https://a.example/" rel="nofollow noopener noreferrer">https://a.example/</a>')
    expect(html).not.toMatch(/<(?!\/?(?:p|b|a|br)\b)|\son\w+=|style=|class=|src=|id=|href="https:\/\/bank/)
  })

  test('is read in time, however deep or long it is', () => {
    const since = performance.now()
    text('<b>'.repeat(50_000) + 'x')
    text('<p><a class="mention" href="https://a.example/">@'.repeat(5000))
    text('</p>'.repeat(60_000))
    text(`<p>${'a'.repeat(500_000)}`)
    expect(performance.now() - since).toBeLessThan(1000)
  })
})

test('a title is the first words that say something, without who is addressed', () => {
  expect(titleOf('@hollow_air@social.example @bo\n\nMy bag is lost')).toBe('My bag is lost')
  expect(titleOf(`${'word '.repeat(40)}end`)).toMatch(/^(?:word ){17}word…$/)
  expect(titleOf('@hollow_air')).toBe('')
  expect(titleOf('')).toBe('')
})

test('two texts are the same where only spaces and servers of names differ', () => {
  expect(gist('@ada@trains.example  Hello\n\nyou')).toBe(gist('@ada Hello you'))
  expect(gist('@ada Hello')).not.toBe(gist('@bo Hello'))
})
