/** A voice of Text to Speech. */
export interface Voice {
	id: string;
	/** What Kling calls it. */
	name: string;
	/** The languages that it speaks. */
	languages: readonly Language[];
}

/** The languages of Text to Speech, one row each. */
export const LANGUAGES = [
	{ value: 'en', label: 'English' },
	{ value: 'zh', label: 'Chinese' },
] as const;

export type Language = (typeof LANGUAGES)[number]['value'];

/** Source: Kling's table of voices for Text to Speech, English and Chinese. The voices of its other products are others. */
const ROWS: ReadonlyArray<readonly [id: string, english: string | null, chinese: string | null]> = [
	['girlfriend_4_speech02', 'Melody', null],
	['genshin_vindi2', 'Sunny', '阳光少年'],
	['zhinen_xuesheng', 'Sage', '懂事小弟'],
	['AOT', 'Ace', null],
	['ai_shatang', 'Blossom', '青春少女'],
	['genshin_klee2', 'Peppy', '温柔小妹'],
	['genshin_kirara', 'Dove', '元气少女'],
	['ai_kaiya', 'Shine', '阳光男生'],
	['oversea_male1', 'Anchor', null],
	['ai_chenjiahao_712', 'Lyric', '文艺小哥'],
	['chat1_female_new-3', 'Tender', '温柔姐姐'],
	['chat_0407_5-1', 'Siren', null],
	['cartoon-boy-07', 'Zippy', '活泼男童'],
	['uk_boy1', 'Bud', null],
	['cartoon-girl-01', 'Sprite', '俏皮女童'],
	['PeppaPig_platform', 'Candy', null],
	['ai_huangzhong_712', 'Beacon', null],
	['ai_huangyaoshi_712', 'Rock', '稳重老爸'],
	['ai_laoguowang_712', 'Titan', '严肃上司'],
	['chengshu_jiejie', 'Grace', '优雅贵妇'],
	['you_pingjing', 'Helen', '温柔妈妈'],
	['calm_story1', 'Lore', null],
	['uk_man2', 'Crag', null],
	['laopopo_speech02', 'Prattle', '唠叨奶奶'],
	['heainainai_speech02', 'Hearth', '和蔼奶奶'],
	['reader_en_m-v1', 'The Reader', null],
	['commercial_lady_en_f-v1', 'Commercial Lady', null],
	['tiyuxi_xuedi', null, '运动少年'],
	['tiexin_nanyou', null, '幽默小哥'],
	['girlfriend_1_speech02', null, '甜美邻家'],
	['girlfriend_2_speech02', null, '职场女青'],
	['zhuxi_speech02', null, '慈祥爷爷'],
	['uk_oldman3', null, '唠叨爷爷'],
	['dongbeilaotie_speech02', null, '东北老铁'],
	['chongqingxiaohuo_speech02', null, '重庆小伙'],
	['chuanmeizi_speech02', null, '四川妹子'],
	['chaoshandashu_speech02', null, '潮汕大叔'],
	['ai_taiwan_man2_speech02', null, '台湾男生'],
	['xianzhanggui_speech02', null, '西安掌柜'],
	['tianjinjiejie_speech02', null, '天津姐姐'],
	['diyinnansang_DB_CN_M_04-v2', null, '新闻播报男'],
	['yizhipiannan-v1', null, '译制片男'],
	['tianmeixuemei-v1', null, '撒娇女友'],
	['daopianyansang-v1', null, '刀片烟嗓'],
	['mengwa-v1', null, '乖巧正太'],
];

/** All voices; one that speaks both languages is one. */
export const VOICES: readonly Voice[] = ROWS.map(([id, english, chinese]) => ({
	id,
	name: english === null ? chinese! : chinese === null ? english : `${english} (${chinese})`,
	languages: [...(english === null ? [] : ['en' as const]), ...(chinese === null ? [] : ['zh' as const])],
}));

/** Speaks both languages. */
export const DEFAULT_VOICE = 'chat1_female_new-3';
