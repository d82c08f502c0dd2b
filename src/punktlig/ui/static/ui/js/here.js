// On a narrow screen the menu is wider than the page: where one is, is brought into view.
document.querySelector(".masthead__nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
