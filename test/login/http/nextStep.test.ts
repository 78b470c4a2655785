import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { nextStep } from '../../../src/login/http/nextStep.ts'
import { pageOf } from '../../../src/login/http/page.ts'

const next = (html: string, url = 'https://idp.example.com/sso/page?x=1') =>
  nextStep(pageOf(url, { text: html, encoding: 'utf-8' }), [], undefined)

describe('every page that asks a person for something is left alone:', () => {
  const folder = 'fixtures/portal-pages'
  test.each(readdirSync(folder).filter((name) => name.endsWith('.html')))('%s', (name) => {
    expect(next(readFileSync(`${folder}/${name}`, 'utf8')).kind).toBe('stop')
  })
})

const acs = 'https://signin.aws.amazon.com/saml'
const fields =
  '<input type="hidden" name="SAMLResponse" value="PHg+PC94Pg==" /><input type="hidden" name="RelayState" value="" />'

/** The pages by which products post an assertion, in their words. */
describe('the assertion is read from the page of', () => {
  test.each([
    [
      'AD FS',
      `<html><head><title>Working...</title></head><body><form method="POST" name="hiddenform" action="${acs}">${fields}<noscript><p>Script is disabled. Click Submit to continue.</p><input type="submit" value="Submit" /></noscript></form><script language="javascript">window.setTimeout('document.forms[0].submit()', 0);</script></body></html>`,
    ],
    [
      'Keycloak',
      `<HTML><HEAD><TITLE>SAML HTTP Post Binding</TITLE></HEAD><BODY Onload="document.forms[0].submit()"><FORM METHOD="POST" ACTION="${acs}">${fields.toUpperCase().replace('SAMLRESPONSE', 'SAMLResponse').replace('PHG+PC94PG==', 'PHg+PC94Pg==')}<NOSCRIPT><P>JavaScript is disabled.</P><INPUT TYPE="SUBMIT" VALUE="CONTINUE" /></NOSCRIPT></FORM></BODY></HTML>`,
    ],
    [
      'Okta',
      `<body><div id="okta-sign-in"></div><form id="appForm" action="${acs.replaceAll('/', '&#x2f;')}" method="POST">${fields}</form><script nonce="n">document.getElementById('appForm').submit();</script></body>`,
    ],
    [
      'CAS',
      `<body onload="document.acsForm.submit();"><form name="acsForm" action="${acs}" method="post"><div style="display: none"><textarea rows="10" cols="80" name="SAMLResponse">\nPHg+PC94Pg==</textarea><textarea name="RelayState"></textarea></div></form></body>`,
    ],
    [
      'Shibboleth',
      `<body onload="document.forms[0].submit()"><noscript><p><strong>Note:</strong> press the Continue button once to proceed.</p></noscript><form action="${acs}" method="post"><div>${fields}</div><noscript><div><input type="submit" value="Continue"/></div></noscript></form></body>`,
    ],
    [
      'SimpleSAMLphp',
      `<body><form method="post" action="${acs}"><input type="submit" style="display:none;" />${fields}<noscript><button type="submit">Submit</button></noscript></form><script src="/simplesaml/assets/base/js/post.js"></script></body>`,
    ],
    [
      'Auth0',
      `<form method="post" name="hiddenform" action="${acs}">${fields}<noscript><p>Script is disabled.</p><input type="submit" value="Submit"/></noscript></form><script>window.setTimeout(function(){document.forms[0].submit();}, 0);</script>`,
    ],
    [
      'a form with its fields elsewhere',
      `<form id="f" method="post" action="${acs}"></form>${fields.replaceAll('<input', '<input form="f"')}`,
    ],
  ])('%s', (_, html) => {
    expect(next(html)).toEqual({ kind: 'assertion', captured: { samlResponse: 'PHg+PC94Pg==', acs } })
  })
})

describe('what is sent is what a browser would send:', () => {
  const submitted = (inside: string, attributes = 'method="post" action="/next"') =>
    next(`<body onload="document.forms[0].submit()"><form ${attributes}>${inside}</form>`)
  const entriesOf = (inside: string) => {
    const step = submitted(`<div hidden>${inside}</div>`)
    return step.kind === 'step' ? step.step.entries : step
  }
  test.each<[html: string, entries: [string, string][]]>([
    ['<input type="hidden" name="a" value="1"><input type="hidden" value="no name">', [['a', '1']]],
    ['<input type="hidden" name="a">', [['a', '']]],
    ['<input type="hidden" name="a" value="1" disabled><fieldset disabled><input type="hidden" name="b"></fieldset>', []],
    ['<input type="hidden" name="a" value="x&#10;y">', [['a', 'x\r\ny']]],
    ['<input type="hidden" name="_charset_">', [['_charset_', 'utf-8']]],
    ['<input type="submit" name="a" value="1"><button name="b" value="2"></button><input type="image" name="c">', []],
    [
      '<input type="checkbox" name="a"><input type="checkbox" name="b" checked><input type="radio" name="c" value="2" checked>',
      [
        ['b', 'on'],
        ['c', '2'],
      ],
    ],
    ['<textarea name="a">\n x</textarea>', [['a', ' x']]],
    ['<select name="a"><option>1<option selected value="two">2</select>', [['a', 'two']]],
    ['<select name="a"><option disabled>0<option> 1 <option>2</select>', [['a', '1']]],
    [
      '<select name="a" multiple><option>1<option selected>2<option selected>3</select>',
      [
        ['a', '2'],
        ['a', '3'],
      ],
    ],
    ['<template><input type="hidden" name="a"></template>', []],
  ])('%s', (html, entries) => expect(entriesOf(html)).toEqual(entries))

  test('where it goes: relative to the base, to the page itself without an address, nowhere by an address that is none', () => {
    expect(submitted('', 'method="post" action="next"')).toMatchObject({ step: { url: 'https://idp.example.com/sso/next' } })
    expect(submitted('', 'method="post"')).toMatchObject({ step: { url: 'https://idp.example.com/sso/page?x=1' } })
    expect(submitted('', 'method="post" action="https://"')).toMatchObject({ kind: 'stop' })
    expect(submitted('', 'method="dialog"')).toMatchObject({ kind: 'stop' })
  })
})

describe('refreshes', () => {
  test.each<[content: string, url: string | undefined]>([
    ['0;url=/next', 'https://idp.example.com/next'],
    ['0; URL = "/next"', 'https://idp.example.com/next'],
    ["1,url='next'", 'https://idp.example.com/sso/next'],
    ['0 /next', 'https://idp.example.com/next'],
    ['2.5;/next', 'https://idp.example.com/next'],
    ['0;url=https://hub.example.org/?a=1;b=2', 'https://hub.example.org/?a=1;b=2'],
    ['5', undefined],
    ['5;', undefined],
    ['60;url=/timeout', undefined],
    ['soon;url=/next', undefined],
    ['', undefined],
  ])('%j', (content, url) => {
    const step = next(`<meta http-equiv="refresh" content="${content.replaceAll('"', '&quot;')}">`)
    expect(step.kind === 'step' ? step.step.url : undefined).toBe(url)
  })
})
