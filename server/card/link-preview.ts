// Programs that fetch an address only to draw a preview of it: they get no data, and a card sent in a chat is not a scan.

const fetchers =
  /whatsapp|facebookexternalhit|facebot|twitterbot|slackbot|slack-imgproxy|telegrambot|discordbot|linkedinbot|skypeuripreview|googlebot|google-pagerenderer|bingbot|bingpreview|applebot|pinterest|redditbot|viber|line-poker|embedly|iframely|vkshare|yandexbot|duckduckbot|baiduspider|mattermost|signal-link|kakaotalk-scrap/i;

export function isLinkPreview(userAgent: string | undefined): boolean {
  return fetchers.test((userAgent ?? '').slice(0, 400));
}
