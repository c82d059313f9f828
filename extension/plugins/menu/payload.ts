/** What pages say of menus: items as pairs of a rid and a kind, or as descriptions of new ones (tauri-core 6.6). */
import * as z from 'zod';
import { type Channel, channel } from '#core/channel.ts';
import { JsImage } from '../image.ts';
import { type AboutMetadata, ITEM_KINDS, type ItemKind, PREDEFINED, type PredefinedName } from './model.ts';

export const Kind = z.enum(ITEM_KINDS);

/** An item that is there already. */
export const ItemPair = z.tuple([z.uint32(), Kind]);

const text = z.string().nullish();
const flag = z.boolean().nullish();
const handler = channel<string>().nullish();

const About = z.object({
  name: text,
  version: text,
  shortVersion: text,
  authors: z.array(z.string()).nullish(),
  comments: text,
  copyright: text,
  license: text,
  website: text,
  websiteLabel: text,
  credits: text,
  icon: JsImage.nullish(),
});

/** The name of a predefined item, or `{ About: metadata }`. */
export const Predefined = z
  .union([z.enum(PREDEFINED), z.object({ About: About.nullable() })])
  .transform((item): { readonly name: PredefinedName; readonly about?: AboutMetadata } => {
    if (typeof item === 'string') return { name: item };
    const given = Object.entries(item.About ?? {}).filter(([key, value]) => value != null && key !== 'icon');
    return { name: 'About', about: Object.fromEntries(given) };
  });

/** What becomes an entry. */
export interface NewItem {
  readonly kind: ItemKind;
  readonly id?: string | null | undefined;
  readonly text?: string | null | undefined;
  readonly enabled?: boolean | null | undefined;
  readonly checked?: boolean | null | undefined;
  readonly accelerator?: string | null | undefined;
  readonly icon?: JsImage | null | undefined;
  readonly item?: z.output<typeof Predefined> | null | undefined;
  readonly items?: readonly ItemPayload[] | null | undefined;
  readonly handler?: Channel<string> | null | undefined;
}

export type ItemPayload = readonly [rid: number, kind: ItemKind] | NewItem;

const common = { id: text, text: z.string(), enabled: flag, accelerator: text, handler };
const described = <S extends z.ZodRawShape>(kind: ItemKind, shape: S) =>
  z.object(shape).transform((item) => ({ ...item, kind }) as NewItem);

/** Tried in this order, as Tauri does: what has a check mark and an icon has a check mark. */
export const ItemPayload: z.ZodType<ItemPayload> = z
  .union([
    ItemPair,
    described('Predefined', { item: Predefined, text }),
    described('Check', { ...common, checked: z.boolean() }),
    described('Icon', { ...common, icon: JsImage }),
    described('Submenu', {
      id: text,
      text: z.string(),
      enabled: flag,
      icon: JsImage.nullish(),
      items: z.array(z.lazy(() => ItemPayload)),
    }),
    described('MenuItem', common),
  ])
  .meta({ title: 'MenuItemPayloadKind' });

/** What `new` is told of the item that it makes; its kind stands beside. */
export const NewOptions = z
  .object({
    id: text,
    text,
    enabled: flag,
    checked: flag,
    accelerator: text,
    item: Predefined.nullish(),
    icon: JsImage.nullish(),
    items: z.array(ItemPayload).nullish(),
  })
  .meta({ title: 'NewOptions' });

/** The icons that macOS has by name; every other string is the path of an image. */
export const NATIVE_ICONS: ReadonlySet<string> = new Set(
  [
    'Add Advanced Bluetooth Bookmarks Caution ColorPanel ColumnView Computer EnterFullScreen Everyone ExitFullScreen',
    'FlowView Folder FolderBurnable FolderSmart FollowLinkFreestanding FontPanel GoLeft GoRight Home IChatTheater IconView',
    'Info InvalidDataFreestanding LeftFacingTriangle ListView LockLocked LockUnlocked MenuMixedState MenuOnState MobileMe',
    'MultipleDocuments Network Path PreferencesGeneral QuickLook RefreshFreestanding Refresh Remove RevealFreestanding',
    'RightFacingTriangle Share Slideshow SmartBadge StatusAvailable StatusNone StatusPartiallyAvailable StatusUnavailable',
    'StopProgressFreestanding StopProgress TrashEmpty TrashFull User UserAccounts UserGroup UserGuest',
  ].flatMap((line) => line.split(' ')),
);
