// Of the DOM only what is used here: the project is Node's, and its other files must not see the browser's globals.
export interface DomElement {
  readonly nodeType: number
  readonly localName: string
  readonly id: string
  readonly type?: string
  readonly value?: string
  readonly checked?: boolean
  readonly maxLength?: number
  readonly selectedIndex?: number
  readonly control?: DomElement | null
  readonly classList: ArrayLike<string>
  readonly attributes: ArrayLike<{ readonly name: string; readonly value: string }>
  readonly parentElement: DomElement | null
  readonly children: ArrayLike<DomElement>
  getAttribute(name: string): string | null
  closest(selector: string): DomElement | null
  contains(other: DomElement): boolean
}
