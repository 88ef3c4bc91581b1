import { Reader } from 'protobufjs/minimal';

/** Reads the value at which the reader stands into an object. */
type Field = (reader: Reader, into: Record<string, unknown>) => void;

/** The fields of a message that are wanted, by their numbers; all others are passed over. */
export type Message = Readonly<Record<number, Field>>;

const TIME: Message = {
  1: (reader, into) => {
    into.seconds = Number(reader.int64());
  },
};

const TEXT_ENTRY: Message = { 1: text('key'), 2: text('value') };

const QUANTITY: Message = { 1: text('amount') };

const QUANTITY_ENTRY: Message = {
  1: text('key'),
  2: (reader, into) => {
    into.value = (readNested(reader, QUANTITY) as { amount?: string }).amount;
  },
};

/**
 * The message as the object that its JSON form would be, of the wanted fields.
 *
 * @throws RangeError or Error when the bytes are no such message
 */
export function readMessage<T>(encoded: Uint8Array, message: Message): T {
  const reader = Reader.create(encoded);
  return readFields(reader, message, reader.len) as T;
}

/** Servers write empty texts where JSON has nothing. */
export function text(name: string): Field {
  return (reader, into) => {
    const value = reader.string();
    if (value !== '') {
      into[name] = value;
    }
  };
}

export function bytes(name: string): Field {
  return (reader, into) => {
    into[name] = reader.bytes();
  };
}

export function flag(name: string): Field {
  return (reader, into) => {
    into[name] = reader.bool();
  };
}

export function integer(name: string): Field {
  return (reader, into) => {
    into[name] = reader.int32();
  };
}

/** A number that JSON leaves out when it is zero. */
export function positive(name: string): Field {
  return (reader, into) => {
    const value = reader.int32();
    if (value > 0) {
      into[name] = value;
    }
  };
}

/** A point in time, as JSON has it: to the second, in UTC. */
export function time(name: string): Field {
  return (reader, into) => {
    const { seconds } = readNested(reader, TIME) as { seconds?: number };
    into[name] = new Date((seconds ?? 0) * 1000)
      .toISOString()
      .replace('.000Z', 'Z');
  };
}

export function one(name: string, message: Message): Field {
  return (reader, into) => {
    into[name] = readNested(reader, message);
  };
}

export function many(name: string, message: Message): Field {
  return (reader, into) => {
    const items = (into[name] ??= []) as object[];
    items.push(readNested(reader, message));
  };
}

/** A map of texts, empty ones among them. */
export function texts(name: string): Field {
  return entries(name, TEXT_ENTRY);
}

/** A map of amounts such as `100m`. */
export function quantities(name: string): Field {
  return entries(name, QUANTITY_ENTRY);
}

function entries(name: string, entry: Message): Field {
  return (reader, into) => {
    const map = (into[name] ??= {}) as Record<string, string>;
    const { key = '', value = '' } = readNested(reader, entry) as {
      key?: string;
      value?: string;
    };
    map[key] = value;
  };
}

function readNested(reader: Reader, message: Message): object {
  const length = reader.uint32();
  return readFields(reader, message, reader.pos + length);
}

function readFields(reader: Reader, message: Message, end: number): object {
  const object: Record<string, unknown> = {};
  while (reader.pos < end) {
    const tag = reader.uint32();
    const field = message[tag >>> 3];
    if (field) {
      field(reader, object);
    } else {
      reader.skipType(tag & 7);
    }
  }
  return object;
}
