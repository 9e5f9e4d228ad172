// General measurements and what is known at once: body, circulation, blood group, diabetes, food allergies.
import { choice, group, loincCode, number, option, snomedCode, text } from '../fields.ts';
import type { Form } from '../form.ts';

export const form: Form = {
  id: 'general',
  version: '1',
  words: ['General measurements', 'सामान्य माप'],
  audience: 'both',
  groups: [
    group(
      'body',
      ['Body', 'शरीर'],
      [
        number('weight', ['Weight', 'वज़न'], 'vital-signs', ['kg', 'kg'], [0.3, 500], {
          code: loincCode('29463-7', 'Body weight'),
        }),
        number('height', ['Height', 'लंबाई'], 'vital-signs', ['cm', 'cm'], [20, 260], {
          code: loincCode('8302-2', 'Body height'),
        }),
        number('bmi', ['Body mass index', 'बॉडी मास इंडेक्स'], 'vital-signs', ['kg/m²', 'kg/m2'], [5, 150], {
          code: loincCode('39156-5', 'Body mass index (BMI) [Ratio]'),
          computed: 'bmi',
          bands: 'bmi',
        }),
      ],
    ),
    group(
      'blood-pressure',
      ['Blood pressure', 'रक्तचाप'],
      [
        number('systolic', ['Systolic', 'ऊपर का'], 'systolic', ['mmHg', 'mm[Hg]'], [40, 300], {
          code: loincCode('8480-6', 'Systolic blood pressure'),
          bands: 'systolic',
        }),
        number('diastolic', ['Diastolic', 'नीचे का'], 'diastolic', ['mmHg', 'mm[Hg]'], [20, 200], {
          code: loincCode('8462-4', 'Diastolic blood pressure'),
          bands: 'diastolic',
        }),
      ],
      { as: 'blood-pressure' },
    ),
    group(
      'vitals',
      ['Vital signs', 'जीवन-चिह्न'],
      [
        number('pulse', ['Pulse', 'नब्ज़'], 'vital-signs', ['per minute', '/min'], [20, 300], {
          code: loincCode('8867-4', 'Heart rate'),
          bands: 'pulse',
        }),
        number('temperature', ['Temperature', 'तापमान'], 'vital-signs', ['°C', 'Cel'], [25, 45], {
          code: loincCode('8310-5', 'Body temperature'),
          bands: 'temperature',
        }),
        number('respiratory-rate', ['Breaths', 'साँसें'], 'vital-signs', ['per minute', '/min'], [3, 120], {
          code: loincCode('9279-1', 'Respiratory rate'),
          bands: 'respiratory-rate',
        }),
        number('oxygen-saturation', ['Oxygen saturation', 'ऑक्सीजन'], 'vital-signs', ['%', '%'], [30, 100], {
          code: loincCode('2708-6', 'Oxygen saturation in Arterial blood'),
          bands: 'oxygen-saturation',
        }),
      ],
    ),
    group(
      'known',
      ['What is known', 'जो पता है'],
      [
        choice(
          'blood-group',
          ['Blood group', 'रक्त समूह'],
          'laboratory',
          [
            option('A+', 'A positive', 'ए पॉज़िटिव', snomedCode('278149003', 'Blood group A Rh(D) positive')),
            option('A-', 'A negative', 'ए नेगेटिव', snomedCode('278152006', 'Blood group A Rh(D) negative')),
            option('B+', 'B positive', 'बी पॉज़िटिव', snomedCode('278150003', 'Blood group B Rh(D) positive')),
            option('B-', 'B negative', 'बी नेगेटिव', snomedCode('278153001', 'Blood group B Rh(D) negative')),
            option(
              'AB+',
              'AB positive',
              'एबी पॉज़िटिव',
              snomedCode('278151004', 'Blood group AB Rh(D) positive'),
            ),
            option(
              'AB-',
              'AB negative',
              'एबी नेगेटिव',
              snomedCode('278154007', 'Blood group AB Rh(D) negative'),
            ),
            option('O+', 'O positive', 'ओ पॉज़िटिव', snomedCode('278147001', 'Blood group O Rh(D) positive')),
            option('O-', 'O negative', 'ओ नेगेटिव', snomedCode('278148006', 'Blood group O Rh(D) negative')),
          ],
          { code: loincCode('882-1', 'ABO and Rh group [Type] in Blood') },
        ),
        choice('diabetes', ['Diabetes', 'मधुमेह'], 'condition', [
          option('no', 'No', 'नहीं'),
          option('type-1', 'Type 1', 'टाइप 1'),
          option('type-2', 'Type 2', 'टाइप 2'),
          option('gestational', 'In pregnancy', 'गर्भावस्था में'),
          option('unknown-type', 'Yes, type not known', 'हाँ, टाइप पता नहीं'),
        ]),
        text('food-allergy', ['Food allergy', 'खाने से एलर्जी'], 'food-allergy', { repeats: true }),
      ],
    ),
  ],
};
