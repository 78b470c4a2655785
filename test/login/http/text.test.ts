import { describe, expect, test } from 'vitest'
import { decoded } from '../../../src/login/http/text.ts'

describe('a page is decoded by', () => {
  test.each([
    ['its byte order mark, before all else', Buffer.from('\ufeffé'), 'text/html; charset=iso-8859-1', 'é', 'utf-8'],
    ['a mark of UTF-16', Buffer.from('\ufeffé', 'utf16le'), undefined, 'é', 'utf-16le'],
    ['the header', Buffer.from('é'), 'text/html; charset="UTF-8"', 'é', 'utf-8'],
    [
      'the header, before the page',
      Buffer.from('<meta charset=latin1>é'),
      'text/html;charset=utf-8',
      '<meta charset=latin1>é',
      'utf-8',
    ],
    ['the page', Buffer.from('<meta charset="utf-8">é'), 'text/html', '<meta charset="utf-8">é', 'utf-8'],
    [
      'the page’s http-equiv',
      Buffer.from('<meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS">'),
      'text/html',
      '<meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS">',
      'shift_jis',
    ],
    ['nothing: Windows-1252', Buffer.from('é', 'latin1'), 'text/html', 'é', 'windows-1252'],
    ['a name that is none: Windows-1252', Buffer.from('é', 'latin1'), 'text/html; charset=klingon', 'é', 'windows-1252'],
    [
      'a page that claims UTF-16 in ASCII: UTF-8',
      Buffer.from('<meta charset="utf-16">'),
      undefined,
      '<meta charset="utf-16">',
      'utf-8',
    ],
  ])('%s', (_, body, type, text, encoding) => expect(decoded(body, type)).toEqual({ text, encoding }))
})
