import { protocolError } from "./engine-error.ts";
import { isObject } from "./is-object.ts";

/** Reads fields of a JSON object that the engine sent; each throws `ENGINE_PROTOCOL` where the type is another. */
export interface AnswerReader {
  text(key: string): string;
  /** Absent or null counts as empty, in this and the following. */
  textOrEmpty(key: string): string;
  number(key: string): number;
  numberOrZero(key: string): number;
  flag(key: string): boolean;
  texts(key: string): readonly string[];
  textMap(key: string): Readonly<Record<string, string>>;
  objects(key: string): readonly AnswerReader[];
  object(key: string): AnswerReader;
  /** What an object has under keys that do not count here. */
  values(key: string): readonly AnswerReader[];
}

export function readAnswer(value: unknown, doing: string): AnswerReader {
  if (!isObject(value)) throw protocolError(doing, "the engine's answer is not an object");
  const typed = <T>(key: string, test: (field: unknown) => field is T, fallback?: T): T => {
    const field = value[key] ?? fallback;
    if (test(field)) return field;
    throw protocolError(doing, `the engine's answer has no usable "${key}"`);
  };
  return {
    text: (key) => typed(key, isText),
    textOrEmpty: (key) => typed(key, isText, ""),
    number: (key) => typed(key, isNumber),
    numberOrZero: (key) => typed(key, isNumber, 0),
    flag: (key) => typed(key, isFlag, false),
    texts: (key) => typed(key, isTexts, []),
    textMap: (key) => typed(key, isTextMap, {}),
    objects: (key) => typed(key, isList, []).map((item) => readAnswer(item, doing)),
    object: (key) => readAnswer(value[key] ?? {}, doing),
    values: (key) => Object.values(typed(key, isObject, {})).map((item) => readAnswer(item, doing)),
  };
}

/** The same for an answer that is a list of objects. */
export function readAnswers(value: unknown, doing: string): readonly AnswerReader[] {
  if (!Array.isArray(value)) throw protocolError(doing, "the engine's answer is not a list");
  return value.map((item) => readAnswer(item, doing));
}

const isText = (field: unknown): field is string => typeof field === "string";
const isNumber = (field: unknown): field is number => typeof field === "number";
const isFlag = (field: unknown): field is boolean => typeof field === "boolean";
const isList = (field: unknown): field is readonly unknown[] => Array.isArray(field);
const isTexts = (field: unknown): field is readonly string[] => isList(field) && field.every(isText);
const isTextMap = (field: unknown): field is Readonly<Record<string, string>> =>
  isObject(field) && Object.values(field).every(isText);
