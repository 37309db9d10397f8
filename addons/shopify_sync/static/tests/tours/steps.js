/** What the tours of this addon find and do again and again. */

/** A place in the open dialog. */
export const dialog = (inner) => `.modal:has(.modal-title) ${inner}`;

/** Steps that choose an entry of the app's menu; the first page takes a while to load everything the browser needs. */
export function choose(section, entry) {
    return [
        {
            content: `open ${section}`,
            trigger: `.o_menu_sections .dropdown-toggle:contains("${section}")`,
            run: "click",
            timeout: 30000,
        },
        {
            content: `open ${section} > ${entry}`,
            trigger: `.o-dropdown--menu .dropdown-item:text("${entry}")`,
            run: "click",
        },
    ];
}

/** Steps that choose an entry of the app's menu and wait for its screen. */
export function open(section, entry, title = entry) {
    return [
        ...choose(section, entry),
        { content: `${title} is there`, trigger: `.o_breadcrumb .active:contains("${title}")` },
    ];
}

/** Steps that choose an entry of the cog menu. */
export function choose_action(name) {
    return [
        { trigger: ".o_cp_action_menus .dropdown-toggle", run: "click" },
        { trigger: `.o-dropdown--menu .dropdown-item:contains("${name}")`, run: "click" },
    ];
}

/** Steps that say yes to "are you sure". */
export function confirm() {
    return [{ trigger: '.modal .modal-footer .btn-primary:text("Ok")', run: "click" }];
}
