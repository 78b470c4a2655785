/** Recipes that are right, by what is special about them. */
export const good: Readonly<Record<string, string>> = {
  'fill and click': `[[rule]]
fill = { "#name" = "username", "#password" = "password" }
click = "#go"`,
  'all keys of a form': `[[rule]]
name = "everything"
when = ["#name", "#code"]
unless = "#captcha"
url = "login.example.com/"
fill = { "#name" = "username", "#code" = "otp" }
check = ["#remember", "#trust"]
click = "button[type=submit]"
error = ".error"
max = 10`,
  'a text that is the same for everybody': `[[rule]]
fill = { "#company" = { text = "ACME" }, "#name" = "username" }`,
  'a table instead of an inline table': `[[rule]]
when = "#name"
[rule.fill]
"#name" = "username"`,
  'dotted keys': `[[rule]]
fill."#name" = 'username'
fill."#code" = 'otp'`,
  'only a click': `[[rule]]\nclick = "#yes"`,
  'only an error': `[[rule]]\nerror = "#message"`,
  'a list to choose from': `[[rule]]\nchoose = { options = ".factor", about = "factor" }`,
  'a list with a pick and a button': `[[rule]]
choose = { options = "select#domain", about = "provider", pick = "CORP" }
click = "#go"`,
  'a form with a list and boxes': `[[rule]]
fill = { "#name" = "username" }
choose = { options = "#domain", about = "provider", pick = "CORP" }
check = "#stay"`,
  'a number to match': `[[rule]]\nshow = "#number"`,
  'a number, a box and a way out': `[[rule]]\nshow = "#number"\ncheck = "#trust"\nclick = "#other"`,
  'an approval on one page': `[[rule]]\nwhen = "#waiting"\nwait = "approval"`,
  'a page of one address that goes on by itself': `[[rule]]\nurl = "/redirecting"\nwait = "page"`,
  'an approval with a number': `[[rule]]\nshow = "#number"\nwait = "approval"`,
  'an array of inline tables': `rule = [{ click = "#a" }, { click = "#b", max = 2 }]`,
  'two rules and comments': `# one\n[[rule]] # first\nclick = "#a"\n\n[[rule]]\nclick = "#b"`,
}

/** Recipes that are wrong, with the line, the column and the words that tell it. */
export const bad: Readonly<Record<string, readonly [text: string, ...problems: string[]]>> = {
  nothing: ['', '1:1: there is no [[rule]] in it'],
  'an empty list': ['rule = []', '1:1: there is no [[rule]] in it'],
  'one table instead of a list': ['[rule]\nclick = "#a"', '1:2: rule must be written as [[rule]]'],
  'a key that is none, near to one': [
    '[[rule]]\nclick = "#a"\n\n[[rule]]\nclick = "#b"\nwehn = "#c"',
    '6:1: wehn is no key of a rule; did you mean when?',
  ],
  'a key that is none, near to nothing': [
    '[[rule]]\n  click = "#a"\n  javascript = "x"',
    '3:3: javascript is no key of a rule; there are name, when, unless, url, fill, check, click, choose, show, wait, error, max',
  ],
  'rules instead of rule': ['[[rules]]\nclick = "#a"', '1:3: rules is no key of a recipe; did you mean rule?'],
  'a top-level key': ['name = "x"\n[[rule]]\nclick = "#a"', '1:1: name is no key of a recipe; there are rule'],
  'a role that is none': [
    '[[rule]]\nfill = { "#a" = "username", "#b" = "pasword" }',
    '2:29: fill."#b" may be username, password, otp, not "pasword"; did you mean password?',
  ],
  'a role that is no text, in a table of its own': [
    '[[rule]]\nclick = "#x"\n[[rule]]\n[rule.fill]\n"#a" = "username"\n"#b" = 1',
    '6:1: fill."#b" may be username, password, otp',
  ],
  'a text under another key': [
    '[[rule]]\nfill = { "#a" = { txt = "x" } }',
    '2:10: fill."#a" has no text',
    '2:19: txt is no key of fill."#a"; did you mean text?',
  ],
  'an empty text': ['[[rule]]\n[rule.fill."#a"]\ntext = ""', '3:1: text must be a text that is not empty'],
  'fill that is no table': [
    '[[rule]]\nfill = "#name"',
    '2:1: fill must be a table of selectors, such as { "#name" = "username" }',
  ],
  'nothing to fill': ['[[rule]]\nfill = {}', '2:1: fill must be a table of selectors, such as { "#name" = "username" }'],
  'a rule that does nothing': [
    '[[rule]]\nclick = "#a"\n[[rule]]\nwhen = "#b"',
    '3:3: the rule does nothing: give it fill, click, choose, show, wait, error',
  ],
  'a rule that only ticks': [
    '[[rule]]\nerror = "#e"\ncheck = "#b"',
    '3:1: check needs fill, click, show or wait in the same rule, and beside choose it needs fill',
  ],
  'a choice and boxes': [
    '[[rule]]\nchoose = { options = ".x", about = "factor" }\nclick = "#go"\ncheck = "#b"',
    '4:1: check needs fill, click, show or wait in the same rule, and beside choose it needs fill',
  ],
  'filling and waiting, showing': [
    '[[rule]]\nfill = { "#a" = "otp" }\nwait = "approval"\nwhen = "#a"\nshow = "#n"',
    '3:1: wait cannot stand beside fill in one rule',
    '5:1: show cannot stand beside fill in one rule',
  ],
  'a wait on every page': ['[[rule]]\nwait = "page"', '2:1: wait needs when or url: else the rule would wait on every page'],
  'a wait that is none': ['[[rule]]\nwhen = "#a"\nwait = "push"', '3:1: wait may be approval, page, not "push"'],
  'max that is no number': ['[[rule]]\nclick = "#a"\nmax = "2"', '3:1: max must be a whole number from 1 to 10'],
  'max of nought': ['[[rule]]\nclick = "#a"\nmax = 0', '3:1: max must be a whole number from 1 to 10'],
  'max and a half': ['[[rule]]\nclick = "#a"\nmax = 1.5', '3:1: max must be a whole number from 1 to 10'],
  'max of eleven': ['[[rule]]\nclick = "#a"\nmax = 11', '3:1: max must be a whole number from 1 to 10'],
  'click that is a list': ['[[rule]]\nclick = ["#a"]', '2:1: click must be a text that is not empty'],
  'an empty selector': ['[[rule]]\nclick = " "', '2:1: click must be a text that is not empty'],
  'an item of a list over several lines': [
    '[[rule]]\nclick = "#a"\nwhen = [\n  "#a", # with a comment\n  7,\n]',
    '5:3: when must be a text that is not empty',
  ],
  'an empty list of selectors': ['[[rule]]\nclick = "#a"\nunless = []', '3:1: unless must not be an empty list'],
  'choose without its parts': [
    '[[rule]]\nchoose = { option = ".x" }',
    '2:1: choose has no options',
    '2:1: choose has no about',
    '2:12: option is no key of choose; did you mean options?',
  ],
  'choose in a table of its own': [
    '[[rule]]\nclick = "#a"\n\n[rule.choose]\noptions = ".x"\nabout = "factors"',
    '6:1: about may be factor, account, provider, not "factors"; did you mean factor?',
  ],
  'choose that is no table': [
    '[[rule]]\nchoose = ".x"',
    '2:1: choose must be a table, such as { options = ".factor", about = "factor" }',
  ],
  'after a multi-line text that looks like a rule': [
    '[[rule]]\nname = """\n[[rule]]\nmax = 0\n"""\nclick = "#a"\nmax = 0',
    '7:1: max must be a whole number from 1 to 10',
  ],
  'in an array of inline tables': [
    'rule = [\n  { click = "#a" },\n  { click = "#b", mx = 2 },\n]',
    '3:19: mx is no key of a rule; did you mean max?',
  ],
  'with CRLF and a tab': ['[[rule]]\r\nclick = "#a"\r\n\tmx = 1\r\n', '3:2: mx is no key of a rule; did you mean max?'],
}

/** What only the reader knows, and no schema: selectors. */
export const badSelectors: Readonly<Record<string, readonly [text: string, problem: string]>> = {
  click: ['[[rule]]\nclick = "#1st"', '2:1: "#1st" is not a CSS selector: Expected ID name'],
  fill: [
    '[[rule]]\nfill = { "#a" = "username", "input[name=pf.pass]" = "password" }',
    '2:29: "input[name=pf.pass]" is not a CSS selector: Expected end of attribute selector',
  ],
  when: [
    '[[rule]]\nclick = "#a"\nwhen = ["#a", "a >"]',
    '3:15: "a >" is not a CSS selector: Expected rule but end of input reached',
  ],
  options: [
    '[[rule]]\nchoose = { options = "//div", about = "factor" }',
    '2:12: "//div" is not a CSS selector: Expected rule but "/" found',
  ],
}
