import { describe, expect, test } from 'vitest'
import { decodeEntities } from './html-entities.ts'
import { htmlToText } from './html-text.ts'

describe('HTML in plain words', () => {
  test.each([
    ['<p>a</p><p>b</p>', 'a\n\nb'],
    ['<div>a</div><div>b</div>', 'a\nb'],
    ['<div>a</div><div><br></div><div>b</div>', 'a\n\nb'],
    ['a<br>b<br/>c', 'a\nb\nc'],
    ['a <b>b</b>\n c', 'a b c'],
    ['<ul><li>a<li>b</ul>', '• a\n• b'],
    ['<pre>a\n  b</pre>', 'a\n  b'],
    ['a<blockquote>b<blockquote>c</blockquote></blockquote>d', 'a\n\n> b\n>\n>> c\n\nd'],
    [
      '<a href="https://a.example/">here</a> <a href="https://b.example/">b.example</a>',
      'here <https://a.example/> b.example',
    ],
    ['<a href="javascript:alert(1)">x</a>', 'x'],
    ['<style>p{}</style><script>x</script><title>t</title>a<!-- c --><![if x]>b<![endif]>', 'ab'],
    ['a<div style="DISPLAY : none">hidden</div><span hidden>too</span>b', 'ab'],
    ['<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>', 'a b\nc'],
    ['1 < 2 &amp; 3 &gt; 2&nbsp;!', '1 < 2 & 3 > 2 !'],
    ['<p', ''],
  ])('%s', (html, text) => {
    expect(htmlToText(html).text).toBe(text)
  })

  test('says where a mail program put the older mail', () => {
    const { text, quotesAt } = htmlToText('<div>new</div><div class="gmail_quote">On that day<br>old</div>')
    expect(text.slice(quotesAt[0]).trim()).toBe('On that day\nold')
  })
})

test.each([
  ['&lt;&#60;&#x3C;&euro;&#128;&Uuml;', '<<<€€Ü'],
  ['&unknown; &am &#0; &#xD800; &#x110000;', '&unknown; &am \uFFFD \uFFFD \uFFFD'],
  ['&amp;lt;', '&lt;'],
])('the references %s are %s', (written, text) => {
  expect(decodeEntities(written)).toBe(text)
})
