import { type FieldName, findField, type ValuesOf } from './filter/index.ts';
import type { FlowWorld } from './flow-world.ts';

/** What fields are worth completing with what there is; of amounts only the example helps. */
type Listed =
  | 'proc'
  | 'container'
  | 'port'
  | 'sport'
  | 'dport'
  | 'lport'
  | 'rport'
  | 'ip'
  | 'host'
  | 'local'
  | 'remote'
  | 'name'
  | 'error';

const MOST = 400;

/** Values that flows of the range have, most frequent first. Asked only while somebody types. */
export function filterValues(world: FlowWorld): ValuesOf {
  const known = new Map<FieldName, ReturnType<ValuesOf>>();
  return (field) => {
    let values = known.get(field);
    if (!values) known.set(field, (values = valuesOf(world, field)));
    return values;
  };
}

function valuesOf(world: FlowWorld, field: FieldName): ReturnType<ValuesOf> {
  const spec = findField(field);
  if (spec?.kind.kind === 'word') return spec.kind.words.map((text) => ({ text, detail: '' }));
  if (spec?.kind.kind === 'amount') {
    const text = spec.example.slice(spec.example.indexOf(':') + 1);
    return [{ text, detail: spec.help }];
  }
  const counts = new Map<string, number>();
  const texts = textsOf(world, field as Listed);
  for (let place = 0; place < world.totals.count; place++)
    for (const text of new Set(texts(place))) if (text !== '') counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, MOST)
    .map(([text, count]) => ({ text, detail: count === 1 ? '1 flow' : `${count} flows` }));
}

function textsOf(world: FlowWorld, field: Listed): (place: number) => readonly string[] {
  switch (field) {
    case 'proc':
      return (place) => [world.owner(place).name.replace(/ \(\d+\)$/, '')];
    case 'container':
    case 'name':
    case 'error':
      return world.texts(field);
    case 'ip':
      return (place) => [world.text(place).localAddress, world.text(place).remoteAddress];
    case 'host':
    case 'local':
    case 'remote':
      return (place) =>
        world
          .ends(field)(place)
          .flatMap(({ texts }) => texts);
    default: {
      const numbers = world.numbers(field);
      return (place) =>
        numbers
          .map((number) => number(place))
          .filter((port) => port > 0)
          .map(String);
    }
  }
}
