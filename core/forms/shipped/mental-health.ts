// Mental health: a note and two scored scales. Everything of it is sealed.
import { group, lines, loincCode, number } from '../fields.ts';
import { option } from '../fields.ts';
import type { Field, Form, Words } from '../form.ts';

const often = [
  option('0', 'Not at all', 'बिल्कुल नहीं'),
  option('1', 'Several days', 'कुछ दिन'),
  option('2', 'More than half the days', 'आधे से ज़्यादा दिन'),
  option('3', 'Nearly every day', 'लगभग हर दिन'),
];

const question = (id: string, words: Words): Field => ({
  id,
  words,
  kind: 'choice',
  as: 'score',
  options: often,
});

export const form: Form = {
  id: 'mental-health',
  version: '1',
  words: ['Mental health', 'मानसिक स्वास्थ्य'],
  audience: 'both',
  sealed: 'MH',
  groups: [
    group('notes', ['Note', 'टिप्पणी'], [lines('note', ['Note', 'टिप्पणी'], 'survey')]),
    group(
      'phq',
      ['Over the last two weeks, how often were you bothered by', 'पिछले दो हफ़्तों में कितनी बार परेशानी हुई'],
      [
        question('phq-1', ['Little interest or pleasure in doing things', 'काम में मन न लगना']),
        question('phq-2', ['Feeling down, depressed or hopeless', 'उदास या निराश महसूस करना']),
        question('phq-3', ['Trouble sleeping, or sleeping too much', 'नींद न आना या बहुत आना']),
        question('phq-4', ['Feeling tired, or having little energy', 'थकान या ताक़त की कमी']),
        question('phq-5', ['Poor appetite or overeating', 'भूख कम या बहुत ज़्यादा']),
        question('phq-6', ['Feeling bad about yourself', 'अपने बारे में बुरा महसूस करना']),
        question('phq-7', ['Trouble concentrating', 'ध्यान न लगना']),
        question('phq-8', ['Moving or speaking slowly, or being restless', 'धीमा चलना-बोलना या बेचैनी']),
        question('phq-9', [
          'Thoughts of being better off dead or of self-harm',
          'मरने या ख़ुद को चोट पहुँचाने के ख़याल',
        ]),
        number('phq-9-score', ['PHQ-9 score', 'PHQ-9 अंक'], 'survey', ['points', '{score}'], [0, 27], {
          code: loincCode('44261-6', 'Patient Health Questionnaire 9 item (PHQ-9) total score [Reported]'),
          computed: 'phq-9',
          bands: 'phq-9',
        }),
      ],
    ),
    group(
      'gad',
      ['And how often by', 'और कितनी बार'],
      [
        question('gad-1', ['Feeling nervous or on edge', 'घबराहट या बेचैनी']),
        question('gad-2', ['Not being able to stop worrying', 'चिंता रोक न पाना']),
        question('gad-3', ['Worrying too much', 'बहुत चिंता करना']),
        question('gad-4', ['Trouble relaxing', 'आराम न कर पाना']),
        question('gad-5', ['Being so restless that it is hard to sit still', 'टिक कर न बैठ पाना']),
        question('gad-6', ['Becoming easily annoyed', 'जल्दी चिढ़ जाना']),
        question('gad-7', ['Feeling afraid that something awful might happen', 'कुछ बुरा होने का डर']),
        number('gad-7-score', ['GAD-7 score', 'GAD-7 अंक'], 'survey', ['points', '{score}'], [0, 21], {
          computed: 'gad-7',
          bands: 'gad-7',
        }),
      ],
    ),
  ],
};
