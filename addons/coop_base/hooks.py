# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).


def uninstall_hook(env):
    """Rights of other add-ons are again what they were."""
    right = env.ref("membership.access_product_membership_manager", False)
    if right:
        right.group_id = env.ref("base.group_user")
