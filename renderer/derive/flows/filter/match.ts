import { isInNetwork } from './address.ts';
import { isWithin } from './amount.ts';
import type { FieldName } from './fields.ts';
import type { FilterTerm, FilterTest, FlowFilter, Place } from './parse.ts';

/** One end of a flow, as a place of the filter is held against it. */
export interface FlowEnd {
  /** Empty where it has no address. */
  readonly bytes: Uint8Array;
  /** Address and names. */
  readonly texts: readonly string[];
}

/** What a matcher asks of the flows it is given, by their place in the table. */
export interface FlowSubject {
  /** Each is tried; NaN = not known, which fits nothing. */
  numbers(field: FieldName): readonly ((flow: number) => number)[];
  /** Words that hold for it. */
  words(field: FieldName): (flow: number) => readonly string[];
  /** null = every text there is of it. */
  texts(field: FieldName | null): (flow: number) => readonly string[];
  ends(field: FieldName): (flow: number) => readonly FlowEnd[];
}

export type FlowTest = (flow: number) => boolean;

/** Whether a flow passes; null where every one does. */
export function flowMatcher({ terms }: FlowFilter, subject: FlowSubject): FlowTest | null {
  if (terms.length === 0) return null;
  const tests = terms.map((term) => termTest(term, subject));
  return (flow) => tests.every((test) => test(flow));
}

function termTest({ isNegated, test }: FilterTerm, subject: FlowSubject): FlowTest {
  const fits = plainTest(test, subject);
  return isNegated ? (flow) => !fits(flow) : fits;
}

function plainTest(test: FilterTest, subject: FlowSubject): FlowTest {
  switch (test.kind) {
    case 'text': {
      const texts = subject.texts(test.field?.name ?? null);
      return (flow) => texts(flow).some((text) => test.patterns.some((pattern) => pattern.test(text)));
    }
    case 'number': {
      const numbers = subject.numbers(test.field.name);
      return (flow) => numbers.some((number) => test.intervals.some((interval) => isWithin(interval, number(flow))));
    }
    case 'word': {
      const words = subject.words(test.field.name);
      return (flow) => words(flow).some((word) => test.words.includes(word));
    }
    case 'place': {
      const ends = subject.ends(test.field.name);
      return (flow) => ends(flow).some((end) => test.places.some((place) => isAt(place, end)));
    }
    default:
      return assertNever(test);
  }
}

function isAt(place: Place, { bytes, texts }: FlowEnd): boolean {
  return place instanceof RegExp ? texts.some((text) => place.test(text)) : isInNetwork(place, bytes);
}

function assertNever(test: never): never {
  throw new Error(`unknown test ${JSON.stringify(test)}`);
}
