/** As much of JSON Schema as speedscope's schema uses. */
interface Schema {
  readonly $ref?: string;
  readonly definitions?: Readonly<Record<string, Schema>>;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
}

/** Empty = valid. */
export function schemaErrors(root: Schema, value: unknown): string[] {
  const check = (schema: Schema, value: unknown, at: string): string[] => {
    if (schema.$ref) return check(root.definitions?.[schema.$ref.replace('#/definitions/', '')] ?? {}, value, at);
    if (schema.anyOf) {
      const attempts = schema.anyOf.map((option) => check(option, value, at));
      return attempts.some((errors) => errors.length === 0) ? [] : attempts.flat();
    }
    const errors: string[] = [];
    if (schema.type && typeOf(value) !== schema.type) errors.push(`${at} is no ${schema.type}`);
    if (schema.const !== undefined && value !== schema.const) errors.push(`${at} is not ${String(schema.const)}`);
    if (schema.enum && !schema.enum.includes(value)) errors.push(`${at} is not one of ${schema.enum.join(' ')}`);
    if (Array.isArray(value) && schema.items)
      errors.push(...value.flatMap((item, i) => check(schema.items ?? {}, item, `${at}[${i}]`)));
    if (typeOf(value) !== 'object') return errors;
    const object = value as Record<string, unknown>;
    for (const key of schema.required ?? []) if (!(key in object)) errors.push(`${at}.${key} is missing`);
    for (const [key, property] of Object.entries(schema.properties ?? {}))
      if (key in object) errors.push(...check(property, object[key], `${at}.${key}`));
    return errors;
  };
  return check(root, value, 'file');
}

function typeOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
}
