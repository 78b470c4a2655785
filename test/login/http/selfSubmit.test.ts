import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { submittedBy } from '../../../src/login/http/selfSubmit.ts'

describe('submits a form as soon as it is loaded:', () => {
  test.each([
    ['document.forms[0].submit()', { index: 0 }],
    ['document.forms[1].requestSubmit();', { index: 1 }],
    ['javascript:document.forms[0].submit()', { index: 0 }],
    ['"use strict"; document.forms[0].submit();', { index: 0 }],
    ['document.forms[0].submit(); return false;', { index: 0 }],
    ['document.hiddenform.submit();', { name: 'hiddenform' }],
    ['document.forms.saml.submit()', { name: 'saml' }],
    ["document.forms['saml'].submit()", { name: 'saml' }],
    ['document.getElementById("appForm").submit();', { name: 'appForm' }],
    ['document.getElementsByTagName("form")[0].submit()', { index: 0 }],
    ["window.document.querySelector('form').submit()", { index: 0 }],
    ["window.setTimeout('document.forms[0].submit()', 0);", { index: 0 }],
    ['setTimeout("document.forms[\\"saml\\"].submit()", 500)', { name: 'saml' }],
    ['setTimeout(function () { document.getElementById("appForm").submit(); }, 100)', { name: 'appForm' }],
    ['window.onload = function() { document.forms[0].submit(); }', { index: 0 }],
    ['onload = () => document.forms[0].submit()', { index: 0 }],
    ['(function(){document.forms[0].submit()})();', { index: 0 }],
    ['(() => { document.forms[0].submit() })()', { index: 0 }],
    ['document.addEventListener("DOMContentLoaded", function(event) { document.forms[0].submit(); });', { index: 0 }],
    ["addEventListener('load', () => document.forms[0].submit(), { once: true })", { index: 0 }],
    ['$(function(){ document.forms[0].submit() })', { index: 0 }],
    ['jQuery(document).ready(function () { setTimeout(() => document.saml.submit(), 10) })', { name: 'saml' }],
    ['<!--\ndocument.forms[0].submit();\n//-->', { index: 0 }],
    ['//<![CDATA[\ndocument.forms[0].submit();\n//]]>', { index: 0 }],
    ['/* goes on */ document.forms[0].submit() // at once', { index: 0 }],
  ])('%j', (script, form) => expect(submittedBy(script)).toEqual(form))
})

describe('is left to a browser:', () => {
  test.each([
    '',
    'function go() { document.forms[0].submit() }',
    'button.onclick = function () { document.forms[0].submit() }',
    'document.querySelector("#yes").addEventListener("click", () => document.forms[0].submit())',
    'document.forms[0].submit(); document.forms[1].submit()',
    'if (confirm("Log out?")) document.forms[0].submit()',
    'window.onload = function () { if (seen()) { wait() } document.forms[0].submit() }',
    'document.forms[0].token.value = fingerprint(); document.forms[0].submit()',
    'setTimeout(function () { document.logout.submit() }, 900000)',
    'fetch("/poll").then(() => document.forms[0].submit())',
    'document.forms[n].submit()',
    `${' '.repeat(2000)}document.forms[0].submit()`,
  ])('%j', (script) => expect(submittedBy(script)).toBeUndefined())
})

test('any text is read in no time, and never an error', () => {
  const words = [
    'function',
    '(',
    ')',
    '{',
    '}',
    '=>',
    'document',
    '.',
    'submit',
    'setTimeout',
    '"',
    "'",
    ';',
    '/*',
    '*/',
    '//',
    ' ',
    '\n',
  ]
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...words), { maxLength: 400 }), (parts) => {
      submittedBy(parts.join(''))
    }),
  )
})
